// What the dossier needs beside the plan.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "esx2esxi/render/template.hpp"

namespace esx2esxi::render {

/// What only people know. Each may be empty: a blank to be filled in.
struct Particulars {
  std::string title;  ///< empty: made of the plan
  std::string change_number;
  std::string requester;
  std::string window;
};

/// Which documents are written beside plan.json, the address plan and the scripts.
struct Selection {
  bool html = true;
  bool md = true;
  bool xlsx = true;
  bool csv = true;  ///< for ServiceNow, and the addresses that change
  bool svg = true;
  bool powercli = false;  ///< hosts/NAME/remediate.ps1
  bool ansible = false;   ///< hosts/NAME/remediate.yml
};

/// For whose import the addresses are written besides.
struct IpamLayouts {
  bool netbox = false;
  bool phpipam = false;
  std::string section;  ///< of phpIPAM, where the subnets are; empty: a blank column
};

struct DossierOptions {
  Particulars particulars;
  Selection documents;
  TemplateSource templates;  ///< finds those of the user before those compiled in; empty: the latter alone
  IpamLayouts ipam = {};
};

/// Begin and end, "2026-01-01 22:00:00", where the window names two moments as YYYY-MM-DD HH:MM; else empty.
std::pair<std::string, std::string> window_dates(std::string_view window);

/// Reads the dossier's templates, and knows every name that they ask for. The error has file and line.
Result<void> check_templates(const TemplateSource& templates);

/// The templates that a user may replace: "change-request.html", "dossier/style.css" ...
std::vector<std::string> template_names();

}  // namespace esx2esxi::render
