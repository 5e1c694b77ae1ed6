// Opens a page in Chromium, waits until a list has so many lines, and prints them: node visit.mjs URL COUNT

import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium } from "playwright-core";

const [url, count] = process.argv.slice(2);
const names = ["chromium", "chromium-browser", "google-chrome"];
const candidates = (process.env.PATH ?? "")
  .split(delimiter)
  .flatMap((folder) => names.map((name) => join(folder, name)));
const executablePath = process.env.CHROMIUM ?? candidates.find(existsSync);
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
try {
  const page = await browser.newPage();
  page.on("pageerror", (error) => console.error(`page: ${error}`));
  await page.goto(url);
  console.log("open");
  await page.waitForFunction((wanted) => document.querySelectorAll("li").length >= wanted, Number(count), {
    timeout: 30_000,
  });
  for (const line of await page.locator("li").allTextContents()) console.log(line);
} finally {
  await browser.close();
}
