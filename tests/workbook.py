"""workbook.py FOLDER...: reads each plan folder's change-request.xlsx with another library and holds it against plan.json."""
import json
import sys

import openpyxl

SHEETS = ["Summary", "Hosts", "Address plan", "Findings", "Steps", "Ripple", "Waves"]


def table(book, name):
    rows = list(book[name].iter_rows(values_only=True))
    return [dict(zip(rows[0], row)) for row in rows[1:]]


def check(folder):
    plan = json.load(open(folder + "/plan.json", encoding="utf-8"))
    book = openpyxl.load_workbook(folder + "/change-request.xlsx")
    assert book.sheetnames == SHEETS, book.sheetnames
    for sheet in book:
        assert sheet.freeze_panes == "B2", sheet.freeze_panes
        assert sheet.auto_filter.ref and sheet.print_area and sheet.print_title_rows, sheet.title
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f", (folder, sheet.title, cell.coordinate)  # a formula
    rows = table(book, "Address plan")
    planned = [(i["name"], i["address"], i["prefix"], i["vlan"]) for h in plan["hosts"] for i in h["after"]["interfaces"]]
    listed = [(r["On ESXi"], r["Address"], r["Prefix"], r["VLAN"]) for r in rows if r["On ESXi"]]
    assert sorted(map(str, planned)) == sorted(map(str, listed)), (folder, planned, listed)
    assert len(table(book, "Hosts")) == len(plan["hosts"])
    findings = sum(len(h["findings"]) for h in plan["hosts"]) + len(plan["estate"]["findings"])
    assert len(table(book, "Findings")) == findings
    steps = table(book, "Steps")
    assert sum(r["Seconds"] for r in steps) == sum(s["seconds"] for h in plan["hosts"] for s in h["steps"])
    assert len(table(book, "Ripple")) == len(plan["estate"]["ripple"])
    figures = {r["What"]: r["Value"] for r in table(book, "Summary")}
    assert figures["hosts"] == len(plan["hosts"]) and isinstance(figures["hosts"], int)
    assert str(figures["Plan of"].date()) == plan["date"]


for argument in sys.argv[1:]:
    check(argument)
