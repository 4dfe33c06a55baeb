#!/usr/bin/env node
// Runs the program of this platform's package, which npm has installed beside this one as an optional dependency.
"use strict";
const { spawn } = require("node:child_process");
const { constants } = require("node:os");

const name = `@alignlint/${process.platform}-${process.arch}`;
let program;
try {
  program = require.resolve(`${name}/bin/alignlint${process.platform === "win32" ? ".exe" : ""}`);
} catch {
  console.error(
    `error: the package \`${name}\` is not installed, so there is no program to run\n` +
      "help: install without `--omit=optional`, and on this platform; if there is no such package, see docs/install.md",
  );
  process.exit(2);
}

const child = spawn(program, process.argv.slice(2), { stdio: "inherit" });
// Editors end a server by a signal to this process.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
child.on("error", (error) => {
  console.error(`error: can't run ${program}: ${error.message}`);
  process.exit(2);
});
child.on("exit", (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
