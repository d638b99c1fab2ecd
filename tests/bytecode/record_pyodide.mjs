// Runs record.py under CPython 3.14, which the npm package `pyodide` ships as WebAssembly:
//
//     npm install --prefix /tmp/pyodide pyodide@314.0.7
//     node tests/bytecode/record_pyodide.mjs /tmp/pyodide > tests/bytecode/recorded/3.14.json

import { readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const folder = join(resolve(process.argv[2] ?? "."), "node_modules", "pyodide");
const { loadPyodide } = await import(pathToFileURL(join(folder, "pyodide.mjs")).href);
const python = await loadPyodide({ indexURL: folder });
python.globals.set("recorder", readFileSync(join(here, "record.py"), "utf8"));
python.globals.set("corpus", readFileSync(join(here, "corpus.py"), "utf8"));
const text = python.runPython(`
names = {"__name__": "recorder"}
exec(recorder, names)
names["dump"](names["record"](corpus, "corpus.py"))
`);
process.stdout.write(text);
