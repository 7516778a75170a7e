"""A forge's own description of its interface, OpenAPI 3 or Swagger 2, and what of a request and
its answer it does not allow. Stricter than the standard: a query parameter or a field that the
description does not name is wrong too, since it is most likely misspelt."""

import json
import re
import urllib.parse

TYPES = {"string": str, "boolean": bool, "object": dict, "array": list, "integer": int,
         "number": (int, float)}


class Description:
    def __init__(self, path):
        with open(path, encoding="utf-8-sig") as f:
            if path.endswith((".yaml", ".yml")):
                import yaml
                self.root = yaml.load(f, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
            else:
                self.root = json.load(f)
        self.routes = []
        for template, methods in self.root["paths"].items():
            pattern = re.sub(r"\\{[^}]*\\}", "([^/]+)", re.escape(template.partition("?")[0]))
            self.routes.append((pattern.count("("), re.compile(pattern), template, methods))
        self.routes.sort(key=lambda r: r[0])  # a route that names more parts is meant

    def resolve(self, node):
        while isinstance(node, dict) and "$ref" in node:
            at = self.root
            for key in node["$ref"].removeprefix("#/").split("/"):
                at = at[urllib.parse.unquote(key).replace("~1", "/").replace("~0", "~")]
            node = at
        return node

    def operation(self, method, path):
        for _, pattern, template, methods in self.routes:
            parts = pattern.fullmatch(path)
            if not parts or method.lower() not in methods:
                continue
            found = methods[method.lower()]
            parameters = [self.resolve(p) for p in
                          methods.get("parameters", []) + found.get("parameters", [])]
            names = re.findall(r"\{([^}]*)\}", template)
            if all(self.fits(parameters, *part) for part in zip(names, parts.groups())):
                return found, parameters
        return None, []

    def fits(self, parameters, name, part):
        for p in parameters:
            if p.get("in") == "path" and p["name"] == name:
                kind = self.resolve(p.get("schema", p)).get("type")
                return kind not in ("integer", "number") or part.isdigit()
        return True

    def content(self, holder):
        """The schema of a body or an answer, of either version of the standard."""
        holder = self.resolve(holder)
        if "schema" in holder:
            return holder["schema"]
        for kind, content in holder.get("content", {}).items():
            if "json" in kind or kind == "*/*":
                return content.get("schema")
        return None

    def fields(self, schema):
        """All that an object may hold, and whether it is a map with other names besides. That
        a description lets anything else through, too, excuses no name."""
        schema = self.resolve(schema)
        fields, open_ = dict(schema.get("properties", {})), False
        for part in schema.get("allOf", []):
            more, also = self.fields(part)
            fields, open_ = more | fields, open_ or also
        return fields, open_ or isinstance(schema.get("additionalProperties"), dict)

    def required(self, schema):
        schema = self.resolve(schema)
        return set(schema.get("required", [])).union(
            *(self.required(part) for part in schema.get("allOf", [])))

    def value(self, schema, value, at, sent):
        """What is wrong with a value; `sent` is ours, and must be complete."""
        schema = self.resolve(schema) or {}
        any_of = schema.get("oneOf", []) + schema.get("anyOf", [])
        if any_of and "properties" not in schema:
            all_ = [self.value(one, value, at, sent) for one in any_of]
            return min(all_, key=len)
        if value is None:
            return [] if schema.get("nullable") or not sent else [at + ": null"]
        kind = schema.get("type")
        kinds = kind if isinstance(kind, list) else [kind] if kind in TYPES else []
        if kinds and (not any(isinstance(value, TYPES[k]) for k in kinds if k in TYPES)
                      or (isinstance(value, bool) and "boolean" not in kinds)):
            return ["%s: must be %s, not %s" % (at, kind, repr(value)[:60])]
        if "enum" in schema and value not in schema["enum"]:
            return ["%s: %s is none of %s" % (at, repr(value)[:60], schema["enum"])]
        if isinstance(value, str) and len(value) > schema.get("maxLength", len(value)):
            return ["%s: longer than %d" % (at, schema["maxLength"])]
        if isinstance(value, list):
            return [w for i, v in enumerate(value)
                    for w in self.value(schema.get("items", {}), v, "%s[%d]" % (at, i), sent)]
        return self.object(schema, value, at, sent) if isinstance(value, dict) else []

    def object(self, schema, value, at, sent):
        fields, open_ = self.fields(schema)
        wrong = []
        for name, part in value.items():
            if name in fields:
                wrong += self.value(fields[name], part, at + "." + name, sent)
                if sent and self.resolve(fields[name]).get("readOnly"):
                    wrong.append("%s.%s: may only be read" % (at, name))
            elif fields and not open_:
                wrong.append("%s.%s: no such field" % (at, name))
        if sent:
            wrong += ["%s.%s: is missing" % (at, name)
                      for name in sorted(self.required(schema) - set(value))]
        return wrong

    def parameters(self, known, query):
        known = {p["name"].removesuffix("[]"): p for p in known if p.get("in") == "query"}
        wrong = ["?%s: is missing" % name for name, p in known.items()
                 if p.get("required") and name not in dict(query)]
        for name, value in query:
            if name not in known:
                wrong.append("?%s: no such parameter" % name)
                continue
            schema = self.resolve(known[name].get("schema", known[name]))
            schema = self.resolve(schema.get("items", schema))
            if "enum" in schema and value not in map(str, schema["enum"]):
                wrong.append("?%s: %r is none of %s" % (name, value, schema["enum"]))
            if schema.get("type") in ("integer", "number") and not value.isdigit():
                wrong.append("?%s: %r is no number" % (name, value))
        return wrong

    def check(self, method, path, query, body, status, answer):
        operation, parameters = self.operation(method, path)
        if not operation:
            return ["no such request"]
        wrong = self.parameters(parameters, query)
        holder = next((p for p in parameters if p.get("in") == "body"),
                      operation.get("requestBody"))
        if holder is None and body is not None:
            wrong.append("body: none is described")
        elif holder is not None:
            schema = self.content(holder)
            if body is not None and schema:
                wrong += self.value(schema, body, "body", True)
            elif body is None and self.resolve(holder).get("required"):
                wrong.append("body: is missing")
        if not 200 <= status < 300:
            return wrong
        described = operation["responses"]
        described = described.get(str(status), described.get(status, described.get("default")))
        if described is None:
            return wrong + ["answer %d: not described" % status]
        schema = self.content(described)
        return wrong + (self.value(schema, answer, "answer", False) if schema else [])
