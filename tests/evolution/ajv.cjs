// The second judge: Ajv. Reads trials (schema, event, accepted) as JSON lines and prints those that it judges otherwise.
const Ajv2020 = require("ajv/dist/2020").default;
const { createInterface } = require("node:readline");

const validators = new Map();
let schemas = [];
let wrong = 0;

createInterface({ input: process.stdin })
  .on("line", (line) => {
    const row = JSON.parse(line);
    if (Array.isArray(row)) {
      schemas = row;
      return;
    }
    if (!validators.has(row.schema)) {
      const ajv = new Ajv2020({ strict: false, validateFormats: false, logger: false });
      validators.set(row.schema, ajv.compile(schemas[row.schema]));
    }
    const accepted = validators.get(row.schema)(row.event);
    if (accepted !== row.accepted) {
      wrong += 1;
      console.log(`${row.why}: Ajv ${accepted ? "accepts" : "refuses"} ${JSON.stringify(row.event)}`);
    }
  })
  .on("close", () => {
    process.exitCode = wrong ? 1 : 0;
  });
