import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitepress'
import { englishSidebar, portugueseSidebar } from './navigation.mjs'
import { markdown } from './markdown.mjs'
import { GITHUB, PORTUGUESE, ROOT, pageOf } from './repository.mjs'

const site = fileURLToPath(new URL('..', import.meta.url))

// The API's Javadoc is copied from this folder. A folder that was named must exist.
const apidocs = path.resolve(ROOT, process.env.APIDOCS ?? 'library/target/apidocs')
const hasApi = fs.existsSync(path.join(apidocs, 'index.html'))
if (!hasApi && process.env.APIDOCS) {
  throw new Error(`APIDOCS: ${apidocs} has no index.html`)
}

const links = [
  ...(hasApi ? [{ text: 'API', link: '/api/index.html', target: '_self' }] : []),
  { text: 'GitHub', link: GITHUB }
]
const base = process.env.SITE_BASE ?? '/resnet4j/'
if (!/^\/(.*\/)?$/.test(base)) {
  throw new Error(`SITE_BASE: ${base} does not begin and end with a slash`)
}

export default defineConfig({
  title: 'resnet4j',
  description: 'Residual networks for the JVM, in pure Java',
  base,
  srcDir: ROOT,
  srcExclude: ['**/target/**', '**/node_modules/**', 'resnet4j-model*/**'],
  outDir: path.join(site, 'target'),
  cacheDir: path.join(site, 'node_modules/.cache/vitepress'),
  rewrites: pageOf,
  markdown,
  head: [['link', { rel: 'icon', type: 'image/svg+xml', href: `${base}logo.svg` }]],
  vite: {
    publicDir: path.join(site, 'public'),
    resolve: {
      // The switch of languages leads to the translation of the page, where there is one.
      alias: [{ find: /^.*\/composables\/langs$/, replacement: path.join(site, '.vitepress/theme/langs.mjs') }]
    },
    plugins: [
      {
        // The pages are outside this folder, where Node.js finds no package.
        name: 'packages-of-pages',
        enforce: 'pre',
        resolveId(id, importer, options) {
          return /^vue(\/|$)/.test(id) && importer?.endsWith('.md')
            ? this.resolve(id, path.join(site, 'index.md'), { ...options, skipSelf: true })
            : null
        }
      }
    ],
    server: { watch: { ignored: ['**/target/**'] } },
    optimizeDeps: { entries: [] }, // the repository's other HTML files are not of this site
    build: { chunkSizeWarningLimit: 2000 }
  },
  locales: {
    root: { label: 'English', lang: 'en-US' },
    [PORTUGUESE]: {
      label: 'Português',
      lang: 'pt-BR',
      description: 'Redes residuais para a JVM, em Java puro',
      themeConfig: {
        nav: [
          { text: 'Documentação', link: `/${PORTUGUESE}/contents` },
          { text: 'Galeria', link: `/${PORTUGUESE}/gallery` },
          ...links
        ],
        sidebar: portugueseSidebar,
        outline: { level: [2, 3], label: 'Nesta página' },
        docFooter: { prev: 'Página anterior', next: 'Próxima página' },
        editLink: { pattern: `${GITHUB}/edit/main/:path`, text: 'Editar esta página no GitHub' },
        darkModeSwitchLabel: 'Aparência',
        lightModeSwitchTitle: 'Usar o modo claro',
        darkModeSwitchTitle: 'Usar o modo escuro',
        sidebarMenuLabel: 'Menu',
        returnToTopLabel: 'Voltar ao início',
        langMenuLabel: 'Mudar o idioma',
        skipToContentLabel: 'Ir para o conteúdo',
        notFound: {
          title: 'PÁGINA NÃO ENCONTRADA',
          quote: 'O endereço não leva a nenhuma página deste site.',
          linkLabel: 'ir para a página inicial',
          linkText: 'Página inicial'
        }
      }
    }
  },
  themeConfig: {
    logo: '/logo.svg',
    nav: [{ text: 'Documentation', link: '/contents' }, { text: 'Gallery', link: '/gallery' }, ...links],
    sidebar: englishSidebar,
    outline: { level: [2, 3] },
    editLink: { pattern: `${GITHUB}/edit/main/:path`, text: 'Edit this page on GitHub' },
    notFound: { quote: 'The address leads to no page of this site.' },
    search: {
      provider: 'local',
      options: {
        // VitePress would take it for an English page, since it is not in the folder of its language.
        _render: (source, env, md) => (env.path.endsWith(`README.${PORTUGUESE}.md`) ? '' : md.render(source, env)),
        miniSearch: { searchOptions: { boostDocument: (page) => (/changelog|decisions/.test(page) ? 0.3 : 1) } },
        locales: {
          [PORTUGUESE]: {
            translations: {
              button: { buttonText: 'Buscar', buttonAriaLabel: 'Buscar' },
              modal: {
                displayDetails: 'Mostrar detalhes',
                resetButtonTitle: 'Limpar a busca',
                backButtonTitle: 'Fechar a busca',
                noResultsText: 'Nenhuma página em português contém',
                footer: {
                  selectText: 'abrir',
                  selectKeyAriaLabel: 'Enter',
                  navigateText: 'navegar',
                  navigateUpKeyAriaLabel: 'seta para cima',
                  navigateDownKeyAriaLabel: 'seta para baixo',
                  closeText: 'fechar',
                  closeKeyAriaLabel: 'Esc'
                }
              }
            }
          }
        }
      }
    }
  },
  transformPageData(page, { siteConfig }) {
    const inPortuguese = page.relativePath.startsWith(`${PORTUGUESE}/`)
    const twin = inPortuguese ? page.relativePath.slice(PORTUGUESE.length + 1) : `${PORTUGUESE}/${page.relativePath}`
    if (siteConfig.pages.some((file) => (siteConfig.rewrites.map[file] ?? file) === twin)) {
      return { twin }
    }
  },
  async buildEnd({ outDir, logger }) {
    await fs.promises.cp(path.join(ROOT, 'docs/images'), path.join(outDir, 'docs/images'), {
      recursive: true,
      filter: (file) => !file.endsWith('.py')
    })
    if (hasApi) {
      await fs.promises.cp(apidocs, path.join(outDir, 'api'), { recursive: true })
    } else {
      logger.warn(`The site has no Javadoc: ${apidocs} is missing. Set APIDOCS to the folder that has it.`)
    }
  }
})
