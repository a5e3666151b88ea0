"""playbook.py FOLDER...: reads each plan folder's playbooks with PyYAML and holds them against plan.json, task by step."""
import glob
import json
import os
import sys

import yaml


class Unsafe(str):
    """What Ansible must not take for a template."""


class Loader(yaml.SafeLoader):
    pass


Loader.add_constructor("!unsafe", lambda loader, node: Unsafe(loader.construct_scalar(node)))
OF_OUR_OWN = {"{{ esxi_hostname }}", "root@{{ esxi_hostname }}", "{{ esxi_ssh }}",
              "{{ vmks.host_vmk_info.values() | first | map(attribute='device') | list }}"}
BINDING = "{{ adapter.stdout | quote }}"


def words(step):
    """What a step's names and values are, as texts."""
    values = [step["interface"]]
    for key, value in step["arguments"].items():
        if key != "type":
            values += value if isinstance(value, list) else [value]
    return [str(v) for v in values if v not in (None, "", True, False)]


def scalars(node):
    if isinstance(node, dict):
        for key, value in node.items():
            assert not isinstance(key, Unsafe), key
            yield from scalars(value)
    elif isinstance(node, list):
        for value in node:
            yield from scalars(value)
    else:
        yield node


def check_templates(play):
    """No text with braces but our own few, unless it is marked."""
    for value in scalars(play):
        if isinstance(value, str) and not isinstance(value, Unsafe) and ("{{" in value or "{%" in value):
            assert value in OF_OUR_OWN or (BINDING in value and value.count("{{") == 1), value


def check_module(step, name, values):
    assert values.pop("esxi_hostname") == "{{ esxi_hostname }}"
    flat = [str(v) for v in scalars(values)]
    expected = {"add-portgroup": "vmware_portgroup", "remove-portgroup": "vmware_portgroup",
                "mount": "vmware_host_datastore"}.get(step["action"], "vmware_vmkernel")
    assert name == "community.vmware." + expected, (step, name)
    arguments = step["arguments"]
    if expected == "vmware_vmkernel":
        assert values["device"] == step["interface"]
        for argument, value in (("address", values["network"].get("ip_address")),
                                ("netmask", values["network"].get("subnet_mask"))):
            assert arguments.get(argument) in (None, value), (step, values)
        assert arguments.get("mtu") in (None, values["mtu"]), (step, values)
        flag = {"Management": "enable_mgmt", "VMotion": "enable_vmotion"}.get(arguments.get("tag"))
        assert flag is None or values[flag] == (step["action"] == "add-tag"), (step, values)
    else:
        for value in words({"interface": None, "arguments": {k: v for k, v in arguments.items() if k != "vlan"}}):
            assert value in flat, (step, values)
        assert (values.get("state") == "absent") == step["action"].startswith("remove"), (step, values)


def check_command(step, argv):
    *before, command = argv
    assert before == ["ssh", "-o", "BatchMode=yes", "-o", "ServerAliveInterval=10", "--", "{{ esxi_ssh }}"], argv
    if step["action"] in ("bind", "unbind"):
        assert step["interface"] in command, (step, argv)
        return
    assert isinstance(command, Unsafe)
    plain = command.replace("'\\''", "'")  # the shell's quotes
    spared = {"defaultTcpipStack"}
    if plain.startswith("esxcfg-vmknic"):
        spared.add(step["interface"])  # it goes by its port group
    for value in words(step):
        assert value in spared or value in plain, (step, argv)


def check(path, host):
    text = open(path, encoding="utf-8").read()
    documents = list(yaml.load_all(text, Loader))
    assert len(documents) == 1 and len(documents[0]) == 1, path
    play = documents[0][0]
    assert set(play) == {"name", "hosts", "connection", "gather_facts", "vars", "tasks"}, play.keys()
    assert play["hosts"] == "localhost" and "password" not in yaml.dump(play["vars"]).lower()
    assert isinstance(play["vars"]["esxi_hostname"], Unsafe)
    check_templates(play)
    tasks = play["tasks"][len(play["tasks"]) - len(host["steps"]):]
    for step, task in zip(host["steps"], tasks, strict=True):
        assert isinstance(task["name"], Unsafe) and task["name"].startswith(str(step["n"]) + ". "), (step, task)
        (name,) = set(task) - {"name"}
        if name == "ansible.builtin.command":
            check_command(step, task[name]["argv"])
        else:
            check_module(step, name, dict(task[name]))
    return len(host["steps"])


total = 0
for folder in sys.argv[1:]:
    plan = json.load(open(folder + "/plan.json", encoding="utf-8"))
    hosts = {h["name"]: h for h in plan["hosts"] if h["status"] != "blocked"}
    for name, host in hosts.items():
        playbook = os.path.join(folder, "hosts", name, "remediate.yml")
        total += check(playbook, host)
    assert len(glob.glob(folder + "/hosts/*/remediate.yml")) == len(hosts)
print(total, "steps")
assert total > 0
