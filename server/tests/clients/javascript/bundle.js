// The tests as one script for the page: with the clients, and with what proto/ describes.

import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

// By `require`, which heeds NODE_PATH: packages are kept outside of the checkout.
const require = createRequire(import.meta.url);
const esbuild = require("esbuild");

/** The script, whose clients call `server`. */
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

/** What the wire looks like, as a FileDescriptorSet in Base64: server/examples/descriptors.rs. */
function descriptors() {
  return execFileSync(process.env.FRONTDESK_DESCRIPTORS).toString("base64");
}
