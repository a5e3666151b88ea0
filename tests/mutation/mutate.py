#!/usr/bin/python3
"""Flips the conditions of the rules one at a time and reports which flips no test notices.

    tests/mutation/mutate.py BUILD [--files REGEX] [--jobs N] [--keep FOLDER]

BUILD is a build folder in which unit_rules is up to date. Every condition of planner/rules/*.cpp (of `if`, of `?:`, of a
returned or named truth value, and each operand of its && and ||) is wrapped in a switch that an environment variable
throws, so that all mutants are compiled at once and a mutant costs one run of the tests. It is slow (minutes) and no
part of CI. The exit code is 1 if a mutant survives; a mutant that hangs or crashes counts as found.
"""
import argparse
import concurrent.futures
import os
import re
import shlex
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
RULES = os.path.join(ROOT, 'planner', 'rules')
# Reading the catalogue and putting things into words: no detection.
LEFT_OUT = {'catalogue.cpp', 'words.cpp', 'predicates.cpp', 'judge.cpp'}
QUICK, WHOLE = 15, 120  # seconds: a mutant may loop for ever

PRELUDE = '''#include <cstdlib>
namespace mutation {
inline int active() {
  static const int n = [] { const char* text = std::getenv("MUTANT"); return text ? std::atoi(text) : -1; }();
  return n;
}
template <class T> bool flip(int n, const T& value) { return static_cast<bool>(value) != (n == active()); }
}  // namespace mutation
'''

OPEN, CLOSE = '([{', ')]}'


def blank(text):
    """The text with comments and literals replaced by blanks of the same length."""
    pattern = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])\'', re.S)
    return pattern.sub(lambda m: re.sub(r'[^\n]', '~', m.group()), text)


def matching(code, at):
    depth = 0
    for i in range(at, len(code)):
        if code[i] in OPEN:
            depth += 1
        elif code[i] in CLOSE:
            depth -= 1
            if depth == 0:
                return i
    raise ValueError('unbalanced')


def top_level(code, first, last):
    """Positions of first..last that are in no bracket."""
    depth = 0
    for i in range(first, last):
        if code[i] in OPEN:
            depth += 1
        elif code[i] in CLOSE:
            depth -= 1
        elif depth == 0:
            yield i


def find_top(code, first, last, word):
    tops = set(top_level(code, first, last))
    return [i for i in range(first, last) if i in tops and code.startswith(word, i)]


def is_truth(code, first, last):
    text = code[first:last].strip()
    if text.startswith('!'):
        return True
    operators = ['&&', '||', ' == ', ' != ', ' < ', ' > ', ' <= ', ' >= ']
    tops = set(top_level(code, first, last))
    return any(i in tops and code.startswith(op, i) for op in operators for i in range(first, last)) or \
        re.match(r'^std::(any_of|all_of|none_of)\(', text) is not None


def strip(code, first, last):
    while first < last and code[first].isspace():
        first += 1
    while last > first and code[last - 1].isspace():
        last -= 1
    return first, last


def conditions(code):
    """(first, last) of every condition."""
    found = set()
    for m in re.finditer(r'\bif \(', code):
        end = matching(code, m.end() - 1)
        first = m.end()
        semicolons = find_top(code, first, end, ';')
        if semicolons:
            first = semicolons[-1] + 1
        body = code[first:end]
        if re.search(r'(?<![=!<>])=(?!=)', ''.join(body[i - first] for i in top_level(code, first, end))):
            continue  # declares what it tests
        found.add(strip(code, first, end))
    for m in re.finditer(r'\breturn ', code):
        end = next((i for i in top_level(code, m.end(), len(code)) if code[i] == ';'), None)
        depth_end = m.end()
        depth = 0
        while depth_end < len(code) and not (depth == 0 and code[depth_end] in ';}'):
            depth += code[depth_end] in OPEN
            depth -= code[depth_end] in CLOSE
            depth_end += 1
        end = depth_end if end is None else min(end, depth_end)
        if not find_top(code, m.end(), end, ' ? ') and is_truth(code, m.end(), end):
            found.add(strip(code, m.end(), end))
    for m in re.finditer(r'\bbool \w+ = ', code):
        end = m.end()
        depth = 0
        while not (depth == 0 and code[end] == ';'):
            depth += code[end] in OPEN
            depth -= code[end] in CLOSE
            end += 1
        if not find_top(code, m.end(), end, ' ? '):
            found.add(strip(code, m.end(), end))
    for m in re.finditer(r' \? ', code):
        first = m.start()
        depth = 0
        while first > 0:
            c = code[first - 1]
            if c in CLOSE:
                depth += 1
            elif c in OPEN:
                if depth == 0:
                    break
                depth -= 1
            elif depth == 0 and (c in ',;?' or (c == ':' and code[first - 2] == ' ') or
                                 re.match(r'(?<![=!<>])=(?!=)', code[first - 1:first + 1]) and code[first - 2] == ' '):
                break
            elif depth == 0 and code[first - 7:first] == 'return ':
                break
            first -= 1
        found.add(strip(code, first, m.start()))
    return sorted(found)


def leaves(code, first, last):
    """The operands of && and ||, down to the last; the whole too where it has operands."""
    first, last = strip(code, first, last)
    if code[first] == '(' and matching(code, first) == last - 1:
        yield from leaves(code, first + 1, last - 1)
        return
    for word in ('||', '&&'):
        cuts = find_top(code, first, last, word)
        if cuts:
            edges = [first - 2] + cuts + [last]
            for a, b in zip(edges, edges[1:]):
                yield from leaves(code, a + 2, b)
            return
    yield first, last


def instrument(text, number, name):
    """The text with switches, and (number, line, condition) of each."""
    code = blank(text)
    spans = set()
    for first, last in conditions(code):
        spans.update(leaf for leaf in leaves(code, first, last) if code[slice(*leaf)] not in ('true', 'false'))
    opens, closes, mutants = {}, {}, []
    for first, last in sorted(spans, key=lambda s: (s[0], -s[1])):
        opens.setdefault(first, []).append(f'mutation::flip({number}, (')
        closes.setdefault(last, []).append('))')
        mutants.append((number, name, text.count('\n', 0, first) + 1, ' '.join(text[first:last].split())))
        number += 1
    out = []
    for i, c in enumerate(text + '\0'):
        out.extend(closes.get(i, []))
        out.extend(opens.get(i, []))
        out.append(c)
    return ''.join(out)[:-1], mutants


def compile_command(build, target):
    lines = subprocess.run(['ninja', '-C', build, '-t', 'commands', target], capture_output=True, text=True,
                           check=True).stdout.splitlines()
    return [line for line in lines if not line.startswith('ninja:')]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('build')
    parser.add_argument('--files', default='.', help='only sources whose name matches')
    parser.add_argument('--jobs', type=int, default=os.cpu_count())
    parser.add_argument('--keep', help='a folder for the mutated sources and the program')
    parser.add_argument('--first-with', default='~*brute*', help='Catch2 filter of the quick tests, tried first')
    options = parser.parse_args()
    build = os.path.abspath(options.build)
    folder = options.keep or tempfile.mkdtemp(prefix='mutants.')
    os.makedirs(folder, exist_ok=True)

    commands = compile_command(build, 'unit_rules')
    jobs, objects, mutants = [], [], []
    for name in sorted(os.listdir(RULES)):
        if not name.endswith('.cpp') or name in LEFT_OUT or not re.search(options.files, name):
            continue
        with open(os.path.join(RULES, name), encoding='utf-8') as source:
            mutated, of_file = instrument(source.read(), len(mutants), name)
        mutants += of_file
        path = os.path.join(folder, name)
        objects.append(path + '.o')
        if os.path.exists(path + '.o') and open(path, encoding='utf-8').read() == PRELUDE + mutated:
            continue  # of an earlier run with the same --keep
        with open(path, 'w', encoding='utf-8') as out:
            out.write(PRELUDE + mutated)
        original = next(c for c in commands if c.endswith('planner/rules/' + name))
        words = [w for w in shlex.split(original) if w != '-Werror' and not w.endswith('ccache')]
        words[words.index('-o') + 1] = path + '.o'
        words[-1] = path
        jobs.append(words + ['-w', '-I' + RULES, '-I' + os.path.join(ROOT, 'include')])

    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for words, done in zip(jobs, pool.map(lambda w: subprocess.run(w, cwd=build, capture_output=True, text=True),
                                              jobs)):
            if done.returncode:
                sys.exit(f'{words[-1]} does not compile:\n{done.stderr[:3000]}')
    link = shlex.split(commands[-1].split('&&')[1])
    program = os.path.join(folder, 'unit_rules')
    link[link.index('-o') + 1] = program
    link[link.index('-o'):link.index('-o')] = objects  # before the library: theirs are taken
    subprocess.run(link, cwd=build, check=True)

    def survives(number):
        for words, seconds in (([options.first_with], QUICK), ([], WHOLE)):
            try:
                done = subprocess.run([program, '-a', *words], env={**os.environ, 'MUTANT': str(number)},
                                      cwd=os.path.join(build, 'tests'), capture_output=True, timeout=seconds)
            except subprocess.TimeoutExpired:
                return False
            if done.returncode:
                return False
        return True

    if not survives(-1):
        sys.exit('the tests fail without any mutant')
    left = 0
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for (number, name, line, condition), alive in zip(mutants, pool.map(lambda m: survives(m[0]), mutants)):
            if alive:
                left += 1
                print(f'planner/rules/{name}:{line}: survives: {condition}', flush=True)
    print(f'{len(mutants)} mutants, {len(mutants) - left} found, {left} survive')
    sys.exit(1 if left else 0)


if __name__ == '__main__':
    main()
