// Makes the plans that the tests open: the sample estate, and one whose every name is an attack.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

export const attacks = [
  '<script>window.ran=1</script>',
  '"><img src=x onerror=window.ran=1>',
  '\u202ertl\u202c mark',
  '=HYPERLINK("http://x.invalid")',
  "' onmouseover='window.ran=1",
  '|cmd| /c calc',
  '[link](javascript:window.ran=1)',
];

export function plan(program, inputs, out, ...options) {
  try {
    execFileSync(program, ['plan', ...inputs, '--out', out, '--force', '--quiet', '--date', '2026-11-22', ...options],
                 { stdio: ['ignore', 'ignore', 'inherit'] });
  } catch (error) {
    if (error.status !== 4) throw error;  // a blocked host is a result, too
  }
  return out;
}

export function harbor(program, estates, out) {
  const folder = path.join(estates, 'harbor');
  return plan(program, [path.join(folder, 'hosts')], out, '--policy', path.join(folder, 'policy/policy.info'), '--pools',
              path.join(folder, 'policy/pools.csv'));
}

/// The sample host pier01, its port groups renamed to attacks, and more of them on the command line.
export function hostile(program, estates, out) {
  const input = out + '-input';
  fs.rmSync(input, { recursive: true, force: true });
  fs.cpSync(path.join(estates, 'harbor/hosts/pier01'), path.join(input, 'pier01'), { recursive: true });
  const file = path.join(input, 'pier01/etc/vmware/esx.conf');
  let text = fs.readFileSync(file, 'utf8');
  const found = (pattern) => [...text.matchAll(pattern)].map((match) => match[1]);
  const names = [...new Set([...found(/\/portgroup = "([^"]+)"/g), ...found(/portgroup\/child\[\d+\]\/name = "([^"]+)"/g)])];
  names.forEach((name, i) => {
    const attack = attacks[i % attacks.length].replaceAll('"', '') + (i < attacks.length ? '' : ` ${i}`);
    text = text.replaceAll(` = "${name}"`, () => ` = "${attack}"`);
  });
  fs.writeFileSync(file, text);
  return plan(program, [input], out, '--title', attacks[0], '--requester', attacks[1], '--change-number', attacks[3],
              '--window', attacks[4]);
}
