// The dossier in a real browser. Run by ctest: node --test, with PROGRAM, ESTATES, WORK and CHROMIUM in the environment.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import MarkdownIt from 'markdown-it';
import { chromium } from 'playwright-core';
import { harbor, hostile } from './plans.mjs';

const { PROGRAM, ESTATES, WORK, CHROMIUM } = process.env;
const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const desktop = { width: 1280, height: 900 };
const phone = { width: 390, height: 844 };
let browser;
let folder;
let hostileFolder;

before(async () => {
  fs.mkdirSync(WORK, { recursive: true });
  folder = harbor(PROGRAM, ESTATES, path.join(WORK, 'harbor'));
  hostileFolder = hostile(PROGRAM, ESTATES, path.join(WORK, 'hostile'));
  browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] });
});
after(() => browser?.close());

/// Opens the dossier; what it complains about, or asks the network for, is in `noise`.
async function opened(where, context = {}, bypassCSP = false) {
  const page = await (await browser.newContext({ viewport: desktop, bypassCSP, ...context })).newPage();
  page.noise = [];
  page.on('console', (message) => ['error', 'warning'].includes(message.type()) && page.noise.push(message.text()));
  page.on('pageerror', (error) => page.noise.push(String(error)));
  page.on('dialog', (dialog) => page.noise.push(dialog.message()) && dialog.dismiss());
  page.on('request', (request) => request.url().endsWith('change-request.html') || page.noise.push(request.url()));
  await page.goto(pathToFileURL(path.join(where, 'change-request.html')).href);
  return page;
}

const planOf = (where) => JSON.parse(fs.readFileSync(path.join(where, 'plan.json'), 'utf8'));
const shownHosts = (page) =>
  page.$$eval('#scope tbody tr:not([hidden]) th', (cells) => cells.map((cell) => cell.textContent.trim()));

test('no error, no request, one script', async () => {
  for (const where of [folder, hostileFolder]) {
    const page = await opened(where);
    assert.deepEqual(page.noise, []);
    assert.equal(await page.locator('script').count(), 1);
    await page.context().close();
  }
});

test('hostile names are text and nothing runs', async () => {
  const page = await opened(hostileFolder, {}, true);  // without the policy that would stop them
  await page.mouse.move(300, 300);
  for (const element of await page.$$('td, h3, summary')) await element.dispatchEvent('mouseover');
  await page.fill('#q', '<script>');
  await page.waitForTimeout(300);
  assert.equal(await page.evaluate('window.ran'), undefined);
  assert.equal(await page.locator('img, iframe, object, embed, link').count(), 0);
  assert.deepEqual(page.noise, []);
  const text = await page.evaluate('document.body.textContent');
  for (const attack of ['<script>window.ran=1</script>', '"><img src=x onerror=window.ran=1>', '=HYPERLINK('])
    assert.ok(text.includes(attack), attack);
  assert.ok(!text.includes('\u202e'));
  await page.context().close();
});

test('search and filters show the hosts they should, and the count', async () => {
  const page = await opened(folder, {}, true);  // the policy would stop the test's own waiting
  const hosts = planOf(folder).hosts;
  const names = (wanted) => hosts.filter(wanted).map((host) => host.name);
  await page.selectOption('#fs', 'blocked');
  assert.deepEqual(await shownHosts(page), names((host) => host.status === 'blocked'));
  await page.selectOption('#fs', '');
  await page.selectOption('#fc', 'PROD-A');
  assert.deepEqual(await shownHosts(page), names((host) => host.cluster === 'PROD-A'));
  await page.selectOption('#fc', '');
  await page.selectOption('#fr', 'mask-invalid');
  const broken = names((host) => host.findings.some((finding) => finding.rule === 'mask-invalid'));
  assert.deepEqual(await shownHosts(page), broken);
  const rules = await page.$$eval('[data-f]:not([hidden])', (parts) => parts.map((part) => part.dataset.f));
  assert.deepEqual(rules, ['mask-invalid']);
  await page.selectOption('#fr', '');
  await page.fill('#q', '10.71.20.61');
  await page.waitForFunction("document.getElementById('count').textContent.includes(' of ')");
  assert.ok((await shownHosts(page)).includes('pier01'));
  await page.fill('#q', 'no such text');
  await page.waitForFunction("document.getElementById('count').textContent.startsWith('0 of ')");
  assert.deepEqual(await shownHosts(page), []);
  await page.click('#shut');
  assert.equal(await page.locator('details[open]').count(), 0);
  await page.click('#open');
  assert.equal(await page.locator('details:not([open])').count(), 0);
  await page.context().close();
});

test('without JavaScript everything is there but the filter', async () => {
  const page = await opened(folder, { javaScriptEnabled: false });
  assert.equal(await page.locator('#filter').isVisible(), false);
  assert.equal(await page.locator('#scope tbody tr').count(), planOf(folder).hosts.length);
  assert.ok(await page.locator('svg.net').first().isVisible());
  await page.context().close();
});

test('text in diagrams neither overlaps nor leaves its picture', async () => {
  for (const where of [folder, hostileFolder]) {
    const page = await opened(where);
    const faults = await page.$$eval('svg.net', (pictures) => pictures.flatMap((picture) => {
      const frame = picture.viewBox.baseVal;
      const boxes = [...picture.querySelectorAll('text')].map((text) => ({ text: text.textContent, box: text.getBBox() }));
      const found = [];
      boxes.forEach((a, i) => {
        if (a.box.x < frame.x || a.box.x + a.box.width > frame.x + frame.width ||
            a.box.y < frame.y || a.box.y + a.box.height > frame.y + frame.height + 2) found.push('leaves: ' + a.text);
        for (const b of boxes.slice(i + 1)) {
          const dx = Math.min(a.box.x + a.box.width, b.box.x + b.box.width) - Math.max(a.box.x, b.box.x);
          const dy = Math.min(a.box.y + a.box.height, b.box.y + b.box.height) - Math.max(a.box.y, b.box.y);
          if (dx > 0.5 && dy > 2) found.push(`${a.text} over ${b.text}`);
        }
      });
      const rects = [...picture.querySelectorAll('rect')].map((rect) => rect.getBBox());
      for (const { text, box } of boxes)
        for (const r of rects)
          if (box.x > r.x && box.x < r.x + r.width && box.y + 5 > r.y && box.y + 5 < r.y + r.height &&
              box.x + box.width > r.x + r.width) found.push('leaves its box: ' + text);
      return found;
    }));
    assert.deepEqual(faults, []);
    assert.ok(await page.locator('svg.net').count() >= 2);
    await page.context().close();
  }
});

test('contrast, headings, names and landmarks pass axe, light and dark, desk and phone', async () => {
  for (const colorScheme of ['light', 'dark'])
    for (const viewport of [desktop, phone]) {
      const page = await opened(folder, { colorScheme, viewport }, true);
      await page.addScriptTag({ path: axe });
      const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
      assert.deepEqual(violations.map((v) => `${v.id}: ${v.nodes.length} ${v.nodes[0].target}`), [],
                       `${colorScheme} ${viewport.width}`);
      await page.context().close();
    }
});

test('a phone shows it without scrolling the page sideways', async () => {
  const page = await opened(folder, { viewport: phone });
  assert.ok(await page.evaluate('document.documentElement.scrollWidth') <= phone.width);
  await page.context().close();
});

test('print: A4 and Letter have their pages, and nothing is clipped', async () => {
  const mm = 96 / 25.4;
  const page = await opened(folder);
  for (const [format, width] of [['A4', 210], ['Letter', 215.9]]) {
    await page.emulateMedia({ media: 'print', colorScheme: 'light' });
    await page.setViewportSize({ width: Math.floor((width - 24) * mm), height: 1000 });
    await page.click('body');
    const clipped = await page.$$eval('table, svg.net, pre, h1, h2, h3, h4, p', (all) => all
      .filter((e) => e.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
      .map((e) => e.tagName + ' ' + e.textContent.slice(0, 60)));
    assert.deepEqual(clipped, [], format);
    const pdf = await page.pdf({ format, preferCSSPageSize: false });
    fs.writeFileSync(path.join(WORK, `dossier-${format}.pdf`), pdf);
    const pages = (pdf.toString('latin1').match(/\/Type\s*\/Page\b/g) || []).length;
    assert.ok(pages > planOf(folder).hosts.length && pages < 100, `${pages} pages`);
  }
  await page.emulateMedia({ media: 'print' });
  await page.evaluate(() => document.querySelectorAll('details').forEach((d) => { d.open = false; }));
  assert.equal(await page.locator('details svg.net').first().isVisible(), true, 'what is closed is printed, too');
  await page.context().close();
});

/// Headings and tables as text: what both syntaxes must agree in.
function outline() {
  const clean = (node) => {
    const copy = node.cloneNode(true);
    copy.querySelectorAll('.blank').forEach((blank) => { blank.textContent = '__________'; });
    return copy.textContent.replace(/\s+/g, ' ').trim();
  };
  return {
    headings: [...document.querySelectorAll('h1, h2, h3, h4')].map((h) => h.tagName + ' ' + clean(h)),
    tables: [...document.querySelectorAll('table')].map((table) => [...table.rows]
      .map((row) => [...row.cells].map(clean)).filter((row) => row.some((cell) => cell !== ''))),
  };
}

test('Markdown renders to the same headings and tables', async () => {
  for (const where of [folder, hostileFolder]) {
    const page = await opened(where);
    const html = await page.evaluate(outline);
    const markdown = new MarkdownIt('default', { html: false, linkify: false })
      .render(fs.readFileSync(path.join(where, 'change-request.md'), 'utf8'));
    await page.setContent('<!DOCTYPE html><meta charset=utf-8>' + markdown);
    const md = await page.evaluate(outline);
    assert.deepEqual(md.headings, html.headings);
    assert.equal(md.tables.length, html.tables.length);
    html.tables.forEach((table, i) => assert.deepEqual(md.tables[i], table, table[0]?.join(' | ')));
    await page.context().close();
  }
});

test('every number of the summary is a count over plan.json', async () => {
  const page = await opened(folder);
  const plan = planOf(folder);
  const findings = [...plan.hosts.flatMap((host) => host.findings), ...plan.estate.findings];
  const steps = plan.hosts.flatMap((host) => host.steps);
  const remedies = plan.hosts.flatMap((host) => host.remedies);
  const longest = Math.max(...plan.hosts.map((host) => host.steps.reduce((sum, step) => sum + step.seconds, 0)));
  const blocked = plan.hosts.filter((host) => host.status === 'blocked');
  const moving = plan.hosts.filter((host) => host.status !== 'blocked');
  const waiting = blocked.flatMap((host) => host.findings).filter((finding) => finding.resolution === 'resolved').length;
  const carriedOut = moving.flatMap((host) => host.remedies).length;
  const first = new Map();
  for (const wave of plan.estate.waves) if (wave.cluster && !first.has(wave.cluster)) first.set(wave.cluster, wave);
  const held = [...first].filter(([, wave]) => wave.hosts.some((name) => blocked.some((host) => host.name === name)));
  const heldHosts = moving.filter((host) => held.some(([cluster]) => cluster === host.cluster)).length;
  const status = (wanted) => plan.hosts.filter((host) => host.status === wanted).length;
  const resolution = (wanted) => findings.filter((finding) => finding.resolution === wanted);
  const severity = (...wanted) => findings.filter((finding) => wanted.includes(finding.severity)).length;
  const openErrors = resolution('open').filter((finding) => finding.severity === 'error').length;
  const confirm = remedies.filter((remedy) => remedy.to_be_confirmed).length;
  const figures = await page.$$eval('.figures tbody tr', (rows) => rows.map((row) => row.cells[1].textContent.trim()));
  assert.deepEqual(figures.map(Number), [
    plan.hosts.length, moving.length, status('clean'), status('resolved'), blocked.length, held.length, heldHosts,
    findings.length, resolution('resolved').length - waiting, waiting, resolution('open').length, openErrors, carriedOut,
    steps.length, longest, confirm]);
  const sentences = await page.$$eval('.lead li', (items) => items.map((item) => item.textContent));
  const named = / with (it|them): .*/;
  assert.match(sentences[4], named);
  for (const [cluster] of held) assert.ok(sentences[4].includes(`${cluster} (`));
  const numbers = sentences.map((sentence) => (sentence.replace(named, '').match(/(?<![\d.])\d+(?![\d.]*\d)/g) || []).map(Number));
  assert.deepEqual(numbers.slice(1), [
    [findings.length, severity('error'), severity('warning'), severity('info', 'note'),
     findings.filter((finding) => finding.introduced).length],
    [carriedOut, moving.filter((host) => host.remedies.length).length, resolution('resolved').length - waiting,
     resolution('waived').length, resolution('open').length, openErrors, remedies.length - carriedOut, waiting],
    [steps.length, steps.filter((step) => step.interrupts !== null).length, longest],
    [status('clean'), status('resolved'), blocked.length, confirm, held.length, heldHosts]]);
  await page.context().close();
});

test('every address of plan.json stands in the address plan', async () => {
  const page = await opened(folder);
  const rows = await page.$$eval('#s7 ~ .t:first-of-type table, #s7 + .t table', (tables) => [...tables[0].tBodies[0].rows]
    .map((row) => [...row.cells].map((cell) => cell.textContent.trim())));
  for (const host of planOf(folder).hosts)
    for (const i of host.after.interfaces) {
      const row = rows.find((cells) => cells[0] === host.name && cells[4] === i.name);
      assert.ok(row, `${host.name} ${i.name}`);
      if (i.address && i.prefix !== null && !i.dhcp) assert.equal(row[5], `${i.address}/${i.prefix}`);
    }
  await page.context().close();
});
