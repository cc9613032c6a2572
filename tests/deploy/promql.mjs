// Reads expressions with Prometheus' own grammar: one JSON list in, for each whether it can be read, and its figures.
import { readFileSync } from "node:fs";
import { parser } from "@prometheus-io/lezer-promql";

const answers = JSON.parse(readFileSync(0, "utf8")).map((expression) => {
  const names = [];
  let faults = 0;
  parser.parse(expression).iterate({
    enter(node) {
      if (node.type.isError) faults += 1;
      if (node.name === "Identifier" && node.node.parent.name === "VectorSelector")
        names.push(expression.slice(node.from, node.to));
    },
  });
  return { faults, names };
});
process.stdout.write(JSON.stringify(answers));
