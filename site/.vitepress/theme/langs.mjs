import { computed } from 'vue'
import { useData } from 'vitepress'

/** The languages of the site, each with the translation of the current page, or else its home page. */
export function useLangs() {
  const { site, localeIndex, page, hash } = useData()
  const homeOf = (key) => (key === 'root' ? '/' : `/${key}/`)
  const currentLang = computed(() => ({
    label: site.value.locales[localeIndex.value].label,
    link: homeOf(localeIndex.value)
  }))
  const localeLinks = computed(() =>
    Object.entries(site.value.locales)
      .filter(([key]) => key !== localeIndex.value)
      .map(([key, { label }]) => ({
        text: label,
        link: page.value.twin ? '/' + page.value.twin.replace(/(^|\/)index\.md$/, '$1').replace(/\.md$/, '.html') : homeOf(key)
      }))
  )
  return { localeLinks, currentLang }
}
