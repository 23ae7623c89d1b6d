// Bundles the tests, the clients and the descriptors of proto/ into one script.

import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

// `import` ignores NODE_PATH, where the packages are: outside of the checkout.
const require = createRequire(import.meta.url);
const esbuild = require("esbuild");

/** Returns the script; its clients call `server`. */
export async function bundle(server) {
  const { outputFiles } = await esbuild.build({
    entryPoints: [fileURLToPath(new URL("page/tests.js", import.meta.url))],
    nodePaths: (process.env.NODE_PATH ?? "").split(":").filter(Boolean),
    define: { SERVER: JSON.stringify(server), DESCRIPTORS: JSON.stringify(descriptors()) },
    bundle: true,
    format: "esm",
    sourcemap: "inline",
    write: false,
    logLevel: "warning",
  });
  return outputFiles[0].text;
}

/** The FileDescriptorSet in Base64, printed by server/examples/descriptors.rs. */
function descriptors() {
  return execFileSync(process.env.FRONTDESK_DESCRIPTORS).toString("base64");
}
