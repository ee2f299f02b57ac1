// Loads a Turtle document of time entries and totals their minutes with other people's libraries: once for each line that
// comes in, so that whoever measures can take turns. Answers a line of JSON, {"total": minutes, "ms": milliseconds}.
// usage: node total.mjs DOCUMENT.ttl BASE ldo|inrupt
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
const [path, base, library] = process.argv.slice(2);
const turtle = readFileSync(path, "utf8");
const MUS = "https://w3id.org/musette#";
const TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";

async function ldo() {
  const { parseRdf, startTransaction, createLdoDataset } = await import("@ldo/ldo");
  const shape = {
    shape: `${MUS}TimeEntryShape`,
    schema: { type: "Schema", shapes: [] },
    context: {
      type: { "@id": "@type" },
      TimeEntry: { "@id": `${MUS}TimeEntry` },
      minutes: { "@id": `${MUS}minutes`, "@type": "http://www.w3.org/2001/XMLSchema#integer" },
    },
  };
  return async () => {
    const dataset = await parseRdf(turtle, { baseIRI: base });
    const entries = dataset.usingType(shape).matchSubject(TYPE, `${MUS}TimeEntry`);
    let total = 0;
    entries.forEach((entry) => { total += entry.minutes; });
    return total;
  };
}

async function inrupt() {
  const { responseToSolidDataset, getThingAll, getInteger } = await import("@inrupt/solid-client");
  return async () => {
    const response = new Response(turtle, { headers: { "Content-Type": "text/turtle" } });
    Object.defineProperty(response, "url", { value: base });
    const dataset = await responseToSolidDataset(response);
    let total = 0;
    for (const thing of getThingAll(dataset)) total += getInteger(thing, `${MUS}minutes`) ?? 0;
    return total;
  };
}

const run = await { ldo, inrupt }[library]();
for await (const _ of createInterface({ input: process.stdin })) {
  const begun = performance.now();
  const total = await run();
  console.log(JSON.stringify({ total, ms: performance.now() - begun }));
}
