// Opens a report in a real browser: phone and desktop, light and dark, paper. Fails where it asks the network for anything, is wider than
// the screen, or axe-core finds something that keeps somebody out. With a second argument it leaves pictures there.
//
//   npm install --no-save playwright-core axe-core
//   node look.mjs report.html [FOLDER]          (CHROMIUM names the browser, by default /usr/bin/chromium)
import { chromium } from 'playwright-core';
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const [report, pictures] = process.argv.slice(2);
const address = pathToFileURL(resolve(report)).href;
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking'],
});
const wrong = [];

async function open(width, colorScheme, bypassCSP) {
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme, bypassCSP });
  const page = await context.newPage();
  page.on('request', (request) => request.url() === address || wrong.push(`${width} ${colorScheme}: asks for ${request.url()}`));
  page.on('console', (message) => wrong.push(`${width} ${colorScheme}: ${message.text()}`));
  await page.goto(address);
  return page;
}

for (const width of [375, 768, 1280]) {
  for (const scheme of ['light', 'dark']) {
    const page = await open(width, scheme, false);
    const sideways = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (sideways > 0) wrong.push(`${width} ${scheme}: ${sideways} pixels wider than the screen`);
    if (pictures) await page.screenshot({ path: `${pictures}/${width}-${scheme}.png`, fullPage: true });
    // The page allows no script, so the checker comes in past its policy, and everything is unfolded for it.
    const checked = await open(width, scheme, true);
    await checked.evaluate(() => document.querySelectorAll('details').forEach((one) => (one.open = true)));
    await checked.evaluate(axe);
    const { violations } = await checked.evaluate(() => globalThis.axe.run());
    for (const { id, help, nodes } of violations) wrong.push(`${width} ${scheme}: ${id}: ${help}: ${nodes[0].html.slice(0, 120)}`);
  }
}
const paper = await open(1280, 'light', false);
await paper.emulateMedia({ media: 'print' });
if (pictures) await paper.pdf({ path: `${pictures}/paper.pdf`, format: 'A4', preferCSSPageSize: true });
await browser.close();
wrong.forEach((line) => console.error(line));
console.log(wrong.length === 0 ? 'nothing found' : `${wrong.length} found`);
process.exit(wrong.length === 0 ? 0 : 1);
