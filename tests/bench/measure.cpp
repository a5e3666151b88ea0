// How fast, and how large: measure PROGRAM FOLDER [REPEATS], or measure PROGRAM --bundles TREE FIRST LAST
//
// FOLDER is one of make_estate's, FIRST and LAST are make_bundle's. Each command runs REPEATS (5) times on files that
// are in the page cache by then; the fastest run counts, since everything that disturbs makes a run slower.
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <stdexcept>
#include <string>
#include <vector>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fmt/format.h>

namespace {

namespace fs = std::filesystem;

struct Measured {
  double seconds = 1e9;
  double peak_mib = 0;
};

[[noreturn]] void become(const std::vector<std::string>& command) {
  const int nothing = ::open("/dev/null", O_WRONLY);
  if (nothing < 0 || ::dup2(nothing, STDOUT_FILENO) < 0) ::_exit(126);
  std::vector<char*> arguments;
  for (const auto& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  ::execvp(arguments.front(), arguments.data());
  ::_exit(127);
}

Measured run_once(const std::vector<std::string>& command) {
  const auto start = std::chrono::steady_clock::now();
  const auto child = ::fork();
  if (child < 0) throw std::runtime_error("fork failed");
  if (child == 0) become(command);
  int status = 0;
  rusage usage = {};
  if (::wait4(child, &status, 0, &usage) != child) throw std::runtime_error("wait4 failed");
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  const int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  if (code != 0 && code != 1 && code != 4) throw std::runtime_error(fmt::format("{} ended with {}", command[0], code));
  return {took.count(), static_cast<double>(usage.ru_maxrss) / 1024};
}

/// Commands that are run one after the other, as one.
Measured best_of(int repeats, const std::vector<std::vector<std::string>>& commands) {
  Measured best;
  for (int i = 0; i < repeats; ++i) {
    Measured all{0, 0};
    for (const auto& command : commands) {
      const auto one = run_once(command);
      all.seconds += one.seconds;
      all.peak_mib = std::max(all.peak_mib, one.peak_mib);
    }
    best.seconds = std::min(best.seconds, all.seconds);
    best.peak_mib = std::max(best.peak_mib, all.peak_mib);
  }
  return best;
}

struct Estate {
  std::vector<std::string> files;
  std::size_t hosts = 0;
  double megabytes = 0;
};

Estate estate_in(const fs::path& folder) {
  Estate estate;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    estate.files.push_back(entry.path().string());
    estate.megabytes += static_cast<double>(entry.file_size()) / 1e6;
    if (entry.path().filename() == "esx.conf") ++estate.hosts;
  }
  std::sort(estate.files.begin(), estate.files.end());
  return estate;
}

/// As few commands as the system's limit on arguments allows.
std::vector<std::vector<std::string>> cat_of(const std::vector<std::string>& files) {
  constexpr std::size_t kMost = 10'000;
  std::vector<std::vector<std::string>> commands;
  for (std::size_t i = 0; i < files.size(); i += kMost) {
    commands.push_back({"cat"});
    const auto end = std::min(files.size(), i + kMost);
    commands.back().insert(commands.back().end(), files.begin() + static_cast<std::ptrdiff_t>(i),
                           files.begin() + static_cast<std::ptrdiff_t>(end));
  }
  return commands;
}

void print(const std::string& what, const Measured& m, const Estate& estate, double cat_seconds) {
  std::cout << fmt::format("| {:<14} | {:8.3f} | {:9.0f} | {:8.0f} | {:8.2f} | {:8.1f} |\n", what, m.seconds,
                           static_cast<double>(estate.hosts) / m.seconds, estate.megabytes / m.seconds,
                           m.seconds / cat_seconds, m.peak_mib);
}

void measure(const std::string& program, const fs::path& folder, int repeats) {
  const auto estate = estate_in(folder / "hosts");
  const auto hosts = (folder / "hosts").string();
  const std::vector<std::string> wishes{"--policy", (folder / "policy.info").string(), "--pools",
                                        (folder / "pools.csv").string()};
  const auto with_wishes = [&](std::vector<std::string> command) {
    command.insert(command.end(), wishes.begin(), wishes.end());
    return command;
  };
  const auto out = (folder / "plan").string();
  std::cout << fmt::format("{} hosts, {} files, {:.1f} MB; best of {} runs\n\n", estate.hosts, estate.files.size(),
                           estate.megabytes, repeats)
            << "| command        |  seconds |   hosts/s |     MB/s |  x cat   | peak MiB |\n"
            << "|----------------|---------:|----------:|---------:|---------:|---------:|\n";
  const auto cat = best_of(repeats, cat_of(estate.files));
  print("cat", cat, estate, cat.seconds);
  print("check", best_of(repeats, {{program, "check", hosts}}), estate, cat.seconds);
  print("check --policy", best_of(repeats, {with_wishes({program, "check", hosts})}), estate, cat.seconds);
  print("check, 1 job", best_of(repeats, {{program, "check", hosts, "--jobs", "1"}}), estate, cat.seconds);
  const std::vector<std::string> plan{program, "plan", hosts, "--out", out, "--force"};
  print("plan, no policy", best_of(repeats, {plan}), estate, cat.seconds);
  print("plan", best_of(repeats, {with_wishes(plan)}), estate, cat.seconds);
  auto bare = plan;
  bare.insert(bare.end(), {"--documents", "none"});
  print("plan, no dossier", best_of(repeats, {with_wishes(bare)}), estate, cat.seconds);
}

/// Bundles against the tree that they were made of, and against what else reads an archive.
void measure_bundles(const std::string& program, const std::vector<std::string>& inputs) {
  constexpr int kRepeats = 3;
  std::cout << "| input          |     MB  |  seconds | x gzip -dc, tar t | peak MiB |\n"
            << "|----------------|--------:|---------:|------------------:|---------:|\n";
  const auto row = [](const std::string& name, double megabytes, const Measured& m, double reference) {
    std::cout << fmt::format("| {:<14} | {:7.1f} | {:8.3f} | {:17.2f} | {:8.1f} |\n", name, megabytes, m.seconds,
                             m.seconds / reference, m.peak_mib);
  };
  const auto megabytes = [](const std::string& file) { return static_cast<double>(fs::file_size(file)) / 1e6; };
  const auto& last = inputs[2];
  const auto tar = best_of(kRepeats, {{"sh", "-c", "gzip -dc \"$1\" | tar tf -", "sh", last}});
  row("gzip -dc, tar t", megabytes(last), tar, tar.seconds);
  row("tree", estate_in(inputs[0]).megabytes, best_of(kRepeats, {{program, "inspect", inputs[0]}}), tar.seconds);
  row("bundle, first", megabytes(inputs[1]), best_of(kRepeats, {{program, "inspect", inputs[1]}}), tar.seconds);
  row("bundle, last", megabytes(last), best_of(kRepeats, {{program, "inspect", last}}), tar.seconds);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const std::vector<std::string> arguments(argv + std::min(argc, 1), argv + argc);
    if (arguments.size() < 2)
      throw std::invalid_argument("usage: measure PROGRAM FOLDER [REPEATS] | PROGRAM --bundles TREE FIRST LAST");
    if (arguments.size() == 5 && arguments[1] == "--bundles")
      measure_bundles(arguments[0], {arguments.begin() + 2, arguments.end()});
    else
      measure(arguments[0], arguments[1], arguments.size() > 2 ? std::stoi(arguments[2]) : 5);
    return 0;
  } catch (const std::exception& e) {
    std::cerr << "measure: " << e.what() << '\n';
    return 1;
  }
}
