#!/usr/bin/python3
"""schema.py SCHEMA INSTANCE...: exit 1 and one line a fault if an instance does not keep to the JSON schema."""
import json
import sys

import jsonschema


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        schema = json.load(file)
    validator_class = jsonschema.validators.validator_for(schema)
    validator_class.check_schema(schema)
    validator = validator_class(schema)
    faults = 0
    for path in sys.argv[2:]:
        with open(path, encoding="utf-8") as file:
            instance = json.load(file)
        for error in validator.iter_errors(instance):
            where = "/".join(str(part) for part in error.absolute_path)
            print(f"{path}: /{where}: {error.message[:200]}")
            faults += 1
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
