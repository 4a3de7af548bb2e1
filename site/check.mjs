// Opens every page of the built site in Chromium, narrow and wide, and reports what a reader would stumble over: pages
// wider than the screen, errors on the console, requests to other hosts, missing pictures, dead links and anchors, and
// a search without results. CHROMIUM names the browser (default: chromium on the PATH).
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import { resolveConfig, serve } from 'vitepress'

const WIDTHS = [390, 1280]
const SEARCHES = [['', 'quantize'], ['', 'bfloat16'], ['pt-BR/', 'atalho']]
const PORT = 4173

const root = fileURLToPath(new URL('.', import.meta.url))
const { outDir, site: { base } } = await resolveConfig(root, 'build', 'production')
const home = `http://localhost:${PORT}${base}`
const problems = []

function browserPath() {
  const onPath = process.env.PATH.split(path.delimiter).map((folder) => path.join(folder, 'chromium'))
  const found = process.env.CHROMIUM ?? onPath.find((file) => fs.existsSync(file))
  if (!found) {
    throw new Error('chromium is not on the PATH; set CHROMIUM to a Chromium or Chrome')
  }
  return found
}

/** Returns the pages of the site, without those of the Javadoc. */
function pages() {
  if (!fs.existsSync(outDir)) {
    throw new Error(`${outDir} is missing; run "npm run build" first`)
  }
  return fs.readdirSync(outDir, { recursive: true })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => file.endsWith('.html') && !file.startsWith('api/') && file !== '404.html')
    .sort()
}

/** Looks at a page that is open; returns its links and the names of its anchors. */
async function look(page, name, width) {
  const seen = await page.evaluate(() => ({
    width: document.scrollingElement.scrollWidth,
    headings: document.querySelectorAll('h1').length,
    broken: [...document.images].filter((image) => image.complete && image.naturalWidth === 0).map((image) => image.src),
    links: [...document.querySelectorAll('a[href]')].map((link) => link.href),
    anchors: [...document.querySelectorAll('[id]')].map((element) => element.id)
  }))
  if (seen.width > width) {
    problems.push(`${name}: ${seen.width} pixels wide on a screen of ${width}`)
  }
  if (seen.headings !== 1) {
    problems.push(`${name}: ${seen.headings} headings of the first level`)
  }
  seen.broken.forEach((image) => problems.push(`${name}: picture ${image} cannot be shown`))
  return seen
}

function compareLinks(links, anchors) {
  for (const [name, targets] of links) {
    for (const target of new Set(targets.filter((link) => link.startsWith(`http://localhost:${PORT}/`)))) {
      const { pathname, hash } = new URL(target)
      const file = decodeURI(pathname.slice(base.length)).replace(/(^|\/)$/, '$1index.html')
      if (!pathname.startsWith(base) || !fs.existsSync(path.join(outDir, file))) {
        problems.push(`${name}: dead link ${pathname}`)
      } else if (hash && anchors.has(file) && !anchors.get(file).has(decodeURIComponent(hash.slice(1)))) {
        problems.push(`${name}: no anchor ${decodeURIComponent(hash)} in ${file}`)
      }
    }
  }
}

async function search(page, folder, word) {
  await page.goto(home + folder)
  await page.locator('#local-search button').click()
  await page.locator('#localsearch-input').fill(word)
  await page.locator('#localsearch-list li a').first().waitFor({ timeout: 5000 })
    .catch(() => problems.push(`${folder}: the search for ${word} finds nothing`))
}

const names = pages()
await serve({ root, port: PORT })
const browser = await chromium.launch({ executablePath: browserPath(), args: ['--no-sandbox'] })
const links = new Map()
const anchors = new Map()
for (const width of WIDTHS) {
  const page = await browser.newPage({ viewport: { width, height: 900 } })
  let name
  page.on('console', (message) => message.type() === 'error' && problems.push(`${name}: ${message.text()}`))
  page.on('pageerror', (error) => problems.push(`${name}: ${error.message}`))
  page.on('request', (request) => request.url().startsWith('http') && new URL(request.url()).port !== String(PORT)
    && problems.push(`${name}: asks for ${request.url()}`))
  for (name of names) {
    await page.goto(home + name, { waitUntil: 'load' })
    const seen = await look(page, name, width)
    links.set(name, seen.links)
    anchors.set(name, new Set(seen.anchors))
  }
  for (const [folder, word] of SEARCHES) {
    name = `search for ${word}`
    await search(page, folder, word)
  }
  await page.close()
}
compareLinks(links, anchors)
await browser.close()
problems.forEach((problem) => console.error(problem))
console.log(`${names.length} pages at ${WIDTHS.join(' and ')} pixels: ${problems.length} problems`)
process.exit(problems.length === 0 ? 0 : 1)
