#include "table.hpp"

#include <algorithm>

namespace esx2esxi::intake {

namespace {

struct Title {
  std::string_view words;  ///< lower case
  Col col;
};

// Longer titles first: "port group/dvport" before "port group".
constexpr Title kTitles[] = {
    {"port group/dvport/opaque network", Col::Attachment},
    {"port group/dvport", Col::Attachment},
    {"portgroup/dvport", Col::Attachment},
    {"portgroup name", Col::Portgroup},
    {"port group", Col::Attachment},
    {"configured ports", Col::ConfiguredPorts},
    {"internal id", Col::InternalId},
    {"switch name", Col::Switch},
    {"mac address", Col::Mac},
    {"subnet mask", Col::Netmask},
    {"ip address", Col::Address},
    {"used ports", Col::Numbers},
    {"ip family", Col::Family},
    {"dvport id", Col::DvPort},
    {"num ports", Col::Numbers},
    {"dvs name", Col::Switch},
    {"vlan id", Col::Vlan},
    {"tso mss", Col::TsoMss},
    {"in use", Col::InUse},
    {"description", Col::Description},
    {"interface", Col::Interface},
    {"broadcast", Col::Broadcast},
    {"portgroup", Col::Attachment},
    {"netstack", Col::NetStack},
    {"netmask", Col::Netmask},
    {"enabled", Col::Enabled},
    {"uplinks", Col::Uplinks},
    {"dvport", Col::Attachment},
    {"driver", Col::Driver},
    {"duplex", Col::Duplex},
    {"client", Col::Client},
    {"speed", Col::Speed},
    {"dhcp", Col::Dhcp},
    {"type", Col::Type},
    {"link", Col::Link},
    {"name", Col::Interface},
    {"mtu", Col::Mtu},
    {"pci", Col::Pci},
};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_letter(char c) { return is_upper(c) || (c >= 'a' && c <= 'z'); }

bool is_number(std::string_view t) { return !t.empty() && t.size() <= 9 && std::all_of(t.begin(), t.end(), is_digit); }
bool is_ipv4(std::string_view t) { return net::Ipv4Address::parse(t).has_value(); }
bool is_none(std::string_view t) { return t == "N/A"; }

bool is_ipv6(std::string_view t) {
  return t.size() <= 64 && std::count(t.begin(), t.end(), ':') >= 2 && std::all_of(t.begin(), t.end(), [](char c) {
           return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || c == ':' || c == '.';
         });
}

bool is_type_word(std::string_view t) {
  while (t.ends_with(',')) t.remove_suffix(1);
  constexpr std::string_view known[] = {"STATIC", "DHCP", "NONE", "AUTOCONF", "PREFERRED", "DEPRECATED", "TENTATIVE"};
  return std::find(std::begin(known), std::end(known), t) != std::end(known);
}

/// One name of an uplink list begins with a letter: else a name that ends in a number, on a row without uplinks, would
/// be cut wrongly ("Lab 10   20   1").
bool is_uplinks(std::string_view t) { return is_letter(t.front()) || t.front() == ','; }

bool is_speed(std::string_view t) { return t.ends_with("Mbps") && is_number(t.substr(0, t.size() - 4)); }

bool fits(Col col, std::string_view t) {
  switch (col) {
    case Col::Family: return t == "IPv4" || t == "IPv6";
    case Col::Address: return is_ipv4(t) || is_ipv6(t) || is_none(t);
    case Col::Netmask: return is_ipv4(t) || is_none(t) || (is_number(t) && t.size() <= 3);
    case Col::Broadcast: return is_ipv4(t) || is_none(t);
    case Col::Mac: return net::Mac::parse(t).has_value() || is_none(t);
    case Col::Mtu:
    case Col::Numbers:
    case Col::ConfiguredPorts: return is_number(t);
    case Col::Vlan: return net::VlanId::parse(t).has_value();
    case Col::Enabled:
    case Col::Dhcp: return t == "true" || t == "false";
    case Col::Type: return is_type_word(t);
    case Col::Uplinks: return is_uplinks(t);
    case Col::InternalId: return is_numbered(t, "portgroup");
    case Col::InUse: return t == "0" || t == "1";
    case Col::Link: return t == "Up" || t == "Down";
    case Col::Speed: return is_speed(t);
    case Col::Duplex: return t == "Full" || t == "Half";
    case Col::Interface:
    case Col::Attachment:
    case Col::TsoMss:
    case Col::NetStack:
    case Col::Switch:
    case Col::Portgroup:
    case Col::DvPort:
    case Col::Client:
    case Col::Pci:
    case Col::Driver:
    case Col::Description:
    case Col::Unknown:
    case Col::Count: return true;
  }
  return true;
}

/// The column whose cells may hold blanks.
bool is_free(Col col) {
  return col == Col::Attachment || col == Col::Switch || col == Col::Portgroup || col == Col::Client ||
         col == Col::Description;
}
/// Columns that a row may leave empty: no uplinks, no client, and IPv6 rows have no broadcast.
bool may_be_empty(Col col) {
  return col == Col::Uplinks || col == Col::Client || col == Col::Description || col == Col::Broadcast;
}
/// "STATIC, PREFERRED" and, in copies, "vmnic0, vmnic1": a comma at the end carries on.
bool may_carry_on(Col col) { return col == Col::Type || col == Col::Uplinks; }

using Tokens = std::vector<std::string_view>;

std::string_view stretch(std::string_view first, std::string_view last) {
  return {first.data(), static_cast<std::size_t>(last.data() + last.size() - first.data())};
}

/// One token each for the columns before the free one, then from the right end inwards; the free column takes the rest.
///
///   header  Interface  Attachment        Address   Netmask        Enabled  Dhcp
///   row     vswif0     Service Console 2 10.0.0.5  255.255.255.0  true     false
///           ->         `---- rest ----'  <-        <-             <-       <-
class Matcher {
 public:
  Matcher(const Header& header, const Tokens& tokens) : columns_(header.columns), tokens_(tokens) {}

  std::optional<Row> run() {
    const auto free = std::find_if(columns_.begin(), columns_.end(), [](auto& c) { return is_free(c.col); });
    if (free != columns_.end()) left_ = static_cast<std::size_t>(free - columns_.begin());
    if (tokens_.size() < left_) return std::nullopt;
    for (std::size_t i = 0; i < left_; ++i) {
      if (!fits(columns_[i].col, tokens_[i])) return std::nullopt;
      row_.set(columns_[i].col, tokens_[i]);
    }
    return match(columns_.size(), tokens_.size()) ? std::optional(row_) : std::nullopt;
  }

 private:
  bool match(std::size_t columns, std::size_t tokens) {
    if (columns == left_) return tokens == left_;
    const auto col = columns_[columns - 1].col;
    if (columns == left_ + 1 && is_free(col)) {
      if (tokens > left_) row_.set(col, stretch(tokens_[left_], tokens_[tokens - 1]));
      return tokens > left_ || may_be_empty(col);
    }
    if (tokens > left_ && fits(col, tokens_[tokens - 1])) {
      auto first = tokens - 1;
      while (may_carry_on(col) && first > left_ && tokens_[first - 1].ends_with(',') && fits(col, tokens_[first - 1]))
        --first;
      if (match(columns - 1, first)) {
        row_.set(col, stretch(tokens_[first], tokens_[tokens - 1]));
        return true;
      }
    }
    return may_be_empty(col) && match(columns - 1, tokens);
  }

  const std::vector<HeaderColumn>& columns_;
  const Tokens& tokens_;
  std::size_t left_ = 0;  ///< columns before the free one: one token each
  Row row_;
};

/// Two dotted cells where three belong: which two, only their looks can tell. A mask begins with ones, an address does
/// not, and nothing like an address may have slipped into the name.
bool is_plausible(const Header& header, const Row& row) {
  const auto address = net::Ipv4Address::parse(row[Col::Address]);
  if (!address || !header.has(Col::Broadcast) || !row[Col::Broadcast].empty()) return true;
  const auto mask = net::Ipv4Address::parse(row[Col::Netmask]);
  const auto name = words(row[Col::Attachment]);
  return mask && mask->bits() >> 24 == 255 && address->bits() >> 24 < 224 &&
         std::none_of(name.begin(), name.end(),
                      [](auto word) { return is_ipv4(word) || looks_like_damaged_address(word); });
}

/// Cuts the row where the titles begin. A cut inside a word is allowed only behind a name that fills its column.
std::optional<Row> cut_row(const Header& header, std::string_view line) {
  Row row;
  std::size_t filled = 0;
  for (std::size_t i = 0; i < header.columns.size(); ++i) {
    const auto col = header.columns[i].col;
    const auto start = header.columns[i].start;
    const bool last = i + 1 == header.columns.size();
    if (start >= line.size()) continue;
    const bool inside = i > 0 && line[start - 1] != ' ' && line[start] != ' ';
    if (inside && !is_free(header.columns[i - 1].col)) return std::nullopt;
    const auto cell = trim(line.substr(start, last ? std::string_view::npos : header.columns[i + 1].start - start));
    if (cell.empty()) continue;
    if (line[start] == ' ') return std::nullopt;
    const auto parts = words(cell);
    const bool one = parts.size() == 1 || is_free(col) || may_carry_on(col);
    if (!one || !std::all_of(parts.begin(), parts.end(), [&](auto part) { return fits(col, part); }))
      return std::nullopt;
    row.set(col, cell);
    ++filled;
  }
  return filled >= 3 ? std::optional(row) : std::nullopt;
}

/// "Up" and "100000Mbps" touch where the speed fills its column.
void part_link_from_speed(const Header& header, Tokens& tokens) {
  if (!header.has(Col::Link)) return;
  for (std::size_t i = 0; i < tokens.size(); ++i)
    for (const std::string_view word : {"Up", "Down"})
      if (tokens[i].starts_with(word) && is_speed(tokens[i].substr(word.size()))) {
        const auto both = tokens[i];
        tokens[i] = both.substr(0, word.size());
        tokens.insert(tokens.begin() + static_cast<std::ptrdiff_t>(i) + 1, both.substr(word.size()));
        return;
      }
}

/// Bytes of `text` that spell `title`, where any run of blanks or an underscore stands for the title's blank; 0: it
/// does not.
std::size_t title_length(std::string_view text, std::string_view title) {
  std::size_t at = 0;
  for (const char c : title) {
    if (c == ' ') {
      const auto start = at;
      while (at < text.size() && (text[at] == ' ' || text[at] == '_' || text[at] == '\t')) ++at;
      if (at == start) return 0;
      continue;
    }
    if (at >= text.size()) return 0;
    const char have = is_upper(text[at]) ? static_cast<char>(text[at] - 'A' + 'a') : text[at];
    if (have != c) return 0;
    ++at;
  }
  return at == text.size() || text[at] == ' ' || text[at] == '\t' ? at : 0;
}

}  // namespace

bool Header::has(Col col) const {
  return std::any_of(columns.begin(), columns.end(), [&](const HeaderColumn& c) { return c.col == col; });
}

std::optional<Header> read_header(std::string_view line) {
  Header header;
  std::size_t unknown = 0;
  for (std::size_t at = line.find_first_not_of(" \t"); at != std::string_view::npos;) {
    const auto rest = line.substr(at);
    std::size_t length = 0;
    const auto* title = std::find_if(std::begin(kTitles), std::end(kTitles), [&](const Title& t) {
      length = title_length(rest, t.words);
      return length > 0;
    });
    if (title != std::end(kTitles)) {
      header.columns.push_back({title->col, at});
      const auto words = lower(rest.substr(0, length));
      if (title->col == Col::Switch) header.distributed = words.starts_with("dvs");
      if (title->col == Col::Attachment) header.names_dvports = words.find("dvport") != std::string::npos;
      if (header.columns.size() == 1) header.named = title->words == "name";
    } else {
      if (++unknown > 2) return std::nullopt;
      length = std::min(rest.find_first_of(" \t"), rest.size());
      header.columns.push_back({Col::Unknown, at});
    }
    at = line.find_first_not_of(" \t", at + length);
  }
  return header.columns.size() >= unknown + 3 ? std::optional(std::move(header)) : std::nullopt;
}

Header make_header(std::initializer_list<Col> columns) {
  Header header;
  for (const auto col : columns) header.columns.push_back({col, 0});
  return header;
}

std::optional<Row> read_row(const Header& header, std::string_view line) {
  auto tokens = words(line);
  part_link_from_speed(header, tokens);
  auto row = Matcher(header, tokens).run();
  if (row && is_plausible(header, *row)) return row;
  const bool placed = header.columns.size() > 1 && header.columns[1].start > 0;
  row = placed ? cut_row(header, line) : std::nullopt;
  return row && is_plausible(header, *row) ? row : std::nullopt;
}

std::string_view damaged_token(std::string_view line) {
  for (const auto token : words(line)) {
    if (looks_like_damaged_address(token)) return token;
    if (token.size() == 17 && std::count(token.begin(), token.end(), ':') == 5 && !net::Mac::parse(token)) return token;
  }
  return {};
}

bool is_cut_mark(std::string_view line) {
  const auto text = trim(line);
  return text == "..." || text == "[...]" || text == "(...)" || text == "\xe2\x80\xa6" || text == "[snip]" ||
         text == "<snip>" || text == "--More--";
}

}  // namespace esx2esxi::intake
