// Where the repository's files are on the site: Markdown files are pages, all other files are links to GitHub.
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/[/\\]$/, '')
export const GITHUB = 'https://github.com/resnet4j/resnet4j'

/** The language of the translated pages: the name of their folder, in the repository and in addresses. */
export const PORTUGUESE = 'pt-BR'

/** Returns the path of a page on the site, given that of its Markdown file in the repository. */
export function pageOf(file) {
  return file
    .replace(`README.${PORTUGUESE}.md`, `${PORTUGUESE}/readme.md`)
    .replace(/^(docs|site)\//, '')
    .replace(/^(.+\/)?([A-Z_]+)\.md$/, (_, folder = '', name) =>
      name !== 'README' ? `${folder}${name.toLowerCase().replaceAll('_', '-')}.md`
        : file === 'README.md' ? 'readme.md'
          : file.startsWith('docs/') && folder === '' || folder === `${PORTUGUESE}/` ? `${folder}contents.md`
            : `${folder}index.md`)
}

/** Returns the path of a link's target from the root of the repository, without the anchor. */
export function targetOf(source, link) {
  const target = path.posix.join(path.posix.dirname(source), decodeURI(link.replace(/#.*$/, '')))
  const file = path.join(ROOT, target)
  if (target.startsWith('..') || !fs.existsSync(file)) {
    throw new Error(`${source}: the link ${link} leads to no file of the repository`)
  }
  return fs.existsSync(path.join(file, 'README.md')) ? path.posix.join(target, 'README.md') : target
}

/** Returns the address of a link of a Markdown file on the site. */
export function addressOf(source, link) {
  if (/^([a-z]+:|#)/.test(link)) {
    return link
  }
  const target = targetOf(source, link)
  const anchor = link.match(/#.*$/)?.[0] ?? ''
  if (target.endsWith('.md')) {
    return '/' + pageOf(target) + anchor
  }
  if (target.startsWith('docs/images/') && !target.endsWith('.py')) {
    return '/' + target
  }
  const kind = fs.statSync(path.join(ROOT, target)).isDirectory() ? 'tree' : 'blob'
  return `${GITHUB}/${kind}/main/${target}${anchor}`
}
