// How the repository's Markdown is rendered: as on GitHub.
import path from 'node:path'
import { slug } from 'github-slugger'
import { ROOT, addressOf } from './repository.mjs'

/** The first words of indented blocks that are shell commands. */
const COMMAND = /^(\.\/|[A-Z_]+=\S+ |library\/bits|examples\/spark\/run\.sh|(apt|curl|cd|for|git|java|mvn|npm|python|source|spark-\w+) )/

export const markdown = {
  anchor: { slugify: slug },
  theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
  languageAlias: { caddyfile: 'nginx' },
  config(md) {
    md.linkify.set({ fuzzyLink: false, fuzzyEmail: false })
    md.core.ruler.push('repository-links', (state) => {
      const file = state.env.realPath ?? state.env.path
      if (!file) {
        return // the title of a page, which VitePress renders once more
      }
      const source = path.relative(ROOT, file).replaceAll('\\', '/')
      for (const token of state.tokens.flatMap((block) => block.children ?? [])) {
        if (token.type === 'link_open') {
          token.attrSet('href', addressOf(source, token.attrGet('href')))
        }
      }
    })
    md.renderer.rules.code_block = (tokens, index, ...rest) => {
      tokens[index].info = COMMAND.test(tokens[index].content) ? 'sh' : 'text'
      return md.renderer.rules.fence(tokens, index, ...rest)
    }
  }
}
