// The sidebar: the index of the documentation, docs/README.md and its translation.
import fs from 'node:fs'
import path from 'node:path'
import { PORTUGUESE, ROOT, addressOf, targetOf } from './repository.mjs'

const ENGLISH_INDEX = 'docs/README.md'
const PORTUGUESE_INDEX = `docs/${PORTUGUESE}/README.md`

/** Returns the sections of an index: a heading, and the first link of each row of the table below it. */
function sections(index) {
  const found = []
  for (const line of fs.readFileSync(path.join(ROOT, index), 'utf8').split('\n')) {
    const heading = line.match(/^## (.+)/)
    const row = line.match(/^\| \[([^\]]+)\]\(([^)]+)\)/)
    if (heading) {
      found.push({ title: heading[1], rows: [] })
    } else if (row) {
      found.at(-1).rows.push({ title: row[1].replaceAll('`', ''), link: row[2] })
    }
  }
  return found
}

/** Returns the file that is translated in a page of the Portuguese part; other files as they are. */
function original(target) {
  return target === `README.${PORTUGUESE}.md` ? 'README.md' : target.replace(`${PORTUGUESE}/`, '')
}

function sidebar(index, badge) {
  return sections(index).map(({ title, rows }) => ({
    text: title,
    items: rows.map((row) => ({
      text: row.title + badge(targetOf(index, row.link)),
      link: addressOf(index, row.link).replace(/\.md(?=#|$)/, '')
    }))
  }))
}

/** Fails if one index has a page that the other lacks. */
function compare() {
  const [english, portuguese] = [ENGLISH_INDEX, PORTUGUESE_INDEX].map((index) => new Set(
    sections(index).flatMap(({ rows }) => rows.map((row) => original(targetOf(index, row.link))))))
  const missing = [...english].filter((page) => !portuguese.has(page)).map((page) => `${PORTUGUESE_INDEX} lacks ${page}`)
    .concat([...portuguese].filter((page) => !english.has(page)).map((page) => `${ENGLISH_INDEX} lacks ${page}`))
  if (missing.length > 0) {
    throw new Error(missing.join('\n'))
  }
}

compare()

export const englishSidebar = sidebar(ENGLISH_INDEX, () => '')
export const portugueseSidebar = sidebar(PORTUGUESE_INDEX, (target) =>
  target.includes(PORTUGUESE) ? '' : ' <abbr class="english-only" title="só em inglês">EN</abbr>')
