// Builds the front end into the wheel: one style sheet, one script, the board's script, the icon sprite, the licences.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";
import { icons } from "./frontend/icons.js";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const read = (path) => readFileSync(here(path), "utf8");
const SHIPPED = {
  "htmx.org": "LICENSE",
  sortablejs: "LICENSE",
  "@tabler/icons": "LICENSE",
};

function symbol([name, source]) {
  const file = source.startsWith("./")
    ? `frontend/icons/${source.slice(2)}.svg`
    : `node_modules/@tabler/icons/icons/outline/${source}.svg`;
  const svg = read(file);
  const box = svg.match(/viewBox="([^"]+)"/)[1];
  const shapes = svg
    .replace(/[\s\S]*?<svg[^>]*>|<\/svg>\s*/g, "")
    .replace(/<path stroke="none"[^>]*\/>/, "")
    .replace(/\s+/g, " ")
    .replace(/> </g, "><")
    .trim();
  return `<symbol id="${name}" viewBox="${box}">${shapes}</symbol>`;
}

function sprite() {
  const symbols = Object.entries(icons).map(symbol).join("\n");
  return `<svg xmlns="http://www.w3.org/2000/svg">\n${symbols}\n</svg>\n`;
}

function licences() {
  const parts = Object.entries(SHIPPED).map(([name, file]) => {
    const { version, license } = JSON.parse(read(`node_modules/${name}/package.json`));
    return `${name} ${version} (${license})\n\n${read(`node_modules/${name}/${file}`).trim()}\n`;
  });
  return parts.join(`\n${"-".repeat(72)}\n\n`);
}

const extras = {
  name: "treaty-extras",
  generateBundle() {
    this.emitFile({ type: "asset", fileName: "icons.svg", source: sprite() });
    this.emitFile({
      type: "asset",
      fileName: "licences.txt",
      source: licences(),
    });
  },
};

export default defineConfig({
  root: here("frontend"),
  publicDir: "public",
  plugins: [extras],
  logLevel: "warn",
  build: {
    outDir: here("src/treaty/kit/static/kit"),
    emptyOutDir: true,
    target: "es2023",
    cssTarget: ["chrome123", "firefox128", "safari17.5"],
    modulePreload: false,
    cssCodeSplit: false,
    rolldownOptions: {
      input: {
        treaty: here("frontend/js/treaty.js"),
        board: here("frontend/js/board.js"),
      },
      output: {
        entryFileNames: "[name].js",
        chunkFileNames: "[name].js",
        assetFileNames: (asset) => (asset.names[0]?.endsWith(".css") ? "treaty.css" : "[name][extname]"),
      },
    },
  },
});
