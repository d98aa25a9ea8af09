#!/usr/bin/env python3
"""Reads the tables that lie beside this file, with every id exact.

    import load
    tables = load.load()      # {"labels": [{"id": "7301234567890123456", ...}, ...], ...}
    frames = load.frames()    # the same as data frames, where pandas is installed

Run as a program it prints each table's name and how many rows it has. What a column means,
its unit and the words that may stand in it are said in datapackage.json.
"""
import csv
import json
import os
import sys
from datetime import datetime

HERE = os.path.dirname(os.path.abspath(__file__))
csv.field_size_limit(2**31 - 1)


def cast(field, text):
    """One cell, by the type that datapackage.json gives its column; None where it is empty."""
    if text == "":
        return None
    if field["type"] == "integer":
        return int(text)
    if field["type"] == "number":
        return float(text)
    if field["type"] == "boolean":
        return text in field["trueValues"]
    if field["type"] == "datetime":
        return datetime.fromisoformat(text.replace("Z", "+00:00"))
    return text


def rows(resource, here=HERE):
    """The rows of one table, one at a time."""
    fields = resource["schema"]["fields"]
    with open(os.path.join(here, resource["path"]), encoding="utf-8", newline="") as table:
        reader = csv.reader(table)
        if next(reader) != [field["name"] for field in fields]:
            raise ValueError(resource["path"] + ": not the columns of datapackage.json")
        for row in reader:
            yield {field["name"]: cast(field, text) for field, text in zip(fields, row)}


def package(here=HERE):
    """datapackage.json as it stands."""
    with open(os.path.join(here, "datapackage.json"), encoding="utf-8") as text:
        return json.load(text)


def load(here=HERE):
    """Every table, as a list of rows."""
    return {resource["name"]: list(rows(resource, here))
            for resource in package(here)["resources"]}


def frames(here=HERE):
    """Every table, as a pandas data frame."""
    import pandas
    return {resource["name"]: pandas.DataFrame(
                rows(resource, here),
                columns=[field["name"] for field in resource["schema"]["fields"]]).convert_dtypes()
            for resource in package(here)["resources"]}


if __name__ == "__main__":
    for resource in package()["resources"]:
        print(resource["name"], sum(1 for _ in rows(resource)), "rows")
    sys.exit(0)
