#include "esx2esxi/verify/report.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "esx2esxi/core/utf8.hpp"
#include "esx2esxi/render/quote.hpp"

namespace esx2esxi::verify {

namespace {

using Json = nlohmann::ordered_json;

Json text(const std::string& value) { return valid_utf8(value); }
Json text_or_null(const std::string& value) { return value.empty() ? Json(nullptr) : text(value); }

Json texts(const std::vector<std::string>& values) {
  auto out = Json::array();
  for (const auto& value : values) out.push_back(text(value));
  return out;
}

Json check_json(const Check& check) {
  return {{"verdict", to_string(check.verdict)}, {"subject", text(check.subject)},
          {"field", text_or_null(check.field)},  {"expected", text_or_null(check.expected)},
          {"found", text_or_null(check.found)},  {"mend", texts(check.mend)}};
}

Json host_json(const HostResult& host) {
  auto checks = Json::array();
  for (const auto& check : host.checks) checks.push_back(check_json(check));
  auto unseen = Json::array();
  for (const auto& one : host.unseen)
    unseen.push_back({{"what", text(one.what)}, {"command", text(one.command)}, {"needed", one.needed}});
  return {{"name", text(host.name)},
          {"as_planned", host.as_planned()},
          {"blocked", host.blocked},
          {"equal", host.count(Verdict::Equal)},
          {"different", host.count(Verdict::Different)},
          {"missing", host.count(Verdict::Missing)},
          {"unexpected", host.count(Verdict::Unexpected)},
          {"checks", std::move(checks)},
          {"unseen", std::move(unseen)}};
}

std::string xml(std::string_view value) { return render::quote(value, render::Syntax::Xml); }

/// A suite as it grows.
struct Suite {
  std::string cases;
  std::size_t tests = 0;
  std::size_t failures = 0;
  std::size_t skipped = 0;

  void add(const std::string& host, const std::string& name, const std::string& inside) {
    ++tests;
    cases += fmt::format("    <testcase classname=\"{}\" name=\"{}\"", xml(host), xml(name));
    cases += inside.empty() ? "/>\n" : fmt::format(">\n      {}\n    </testcase>\n", inside);
  }
  void fail(const std::string& host, const std::string& name, std::string_view type, const std::string& message,
            const std::string& body) {
    ++failures;
    add(host, name,
        fmt::format("<failure type=\"{}\" message=\"{}\">{}</failure>", xml(type), xml(message), xml(body)));
  }
  void skip(const std::string& host, const std::string& name, const std::string& message) {
    ++skipped;
    add(host, name, fmt::format("<skipped message=\"{}\"/>", xml(message)));
  }
};

void add_check(Suite& suite, const std::string& host, const Check& check) {
  const auto name = check.field.empty() ? check.subject : check.subject + ": " + check.field;
  if (check.verdict == Verdict::Equal) return suite.add(host, name, "");
  const auto say = [](const std::string& value) { return value.empty() ? std::string("nothing") : value; };
  std::string body;
  for (const auto& line : check.mend) body += line + "\n";
  suite.fail(host, name, to_string(check.verdict),
             fmt::format("expected {}, found {}", say(check.expected), say(check.found)), body);
}

Suite suite_of(const HostResult& host) {
  Suite suite;
  if (host.blocked)
    suite.fail(host.name, "plan", "blocked", "the plan is blocked for this host: what it expects is not complete", "");
  for (const auto& check : host.checks) add_check(suite, host.name, check);
  for (const auto& one : host.unseen) {
    if (one.needed)
      suite.fail(host.name, one.what, "unseen", "the capture does not show it", one.command);
    else
      suite.skip(host.name, one.what, "the capture does not show it: " + one.command);
  }
  return suite;
}

}  // namespace

std::string to_json(const Report& report) {
  auto hosts = Json::array();
  for (const auto& host : report.hosts) hosts.push_back(host_json(host));
  const Json out = {{"format", "esx2esxi-verify"},
                    {"version", "1.0"},
                    {"as_planned", report.as_planned()},
                    {"hosts", std::move(hosts)},
                    {"uncaptured", texts(report.uncaptured)},
                    {"strangers", texts(report.strangers)}};
  return out.dump(1) + "\n";
}

std::string to_junit(const Report& report) {
  std::string body;
  Suite all;
  const auto put = [&](const std::string& name, const Suite& suite) {
    body += fmt::format(
        "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"0\" skipped=\"{}\">\n{}  </testsuite>\n",
        xml(name), suite.tests, suite.failures, suite.skipped, suite.cases);
    all.tests += suite.tests;
    all.failures += suite.failures;
    all.skipped += suite.skipped;
  };
  for (const auto& host : report.hosts) put(host.name, suite_of(host));
  Suite captures;
  for (const auto& name : report.strangers)
    captures.fail(name, "capture", "unexpected", "the plan has no such host", "");
  for (const auto& name : report.uncaptured) captures.skip(name, "capture", "no capture of this host was given");
  if (captures.tests > 0) put("captures", captures);
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"esx2esxi verify\" tests=\"{}\" failures=\"{}\" "
      "errors=\"0\" skipped=\"{}\">\n{}</testsuites>\n",
      all.tests, all.failures, all.skipped, body);
}

}  // namespace esx2esxi::verify
