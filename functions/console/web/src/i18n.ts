import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import en from '../locales/en.json'
import es from '../locales/es.json'
import type { Language } from './api/types'

const CHOSEN = 'gotero.language'
export const LANGUAGES: Language[] = ['es', 'en']

const isLanguage = (value: unknown): value is Language => LANGUAGES.includes(value as Language)

/** What this browser chose before; without a choice, its own language; without that, Spanish. */
function firstLanguage(): Language {
  const chosen = localStorage.getItem(CHOSEN)
  if (isLanguage(chosen)) return chosen
  const own = navigator.language.slice(0, 2)
  return isLanguage(own) ? own : 'es'
}

function apply(language: Language): void {
  document.documentElement.lang = language
}

export async function startTranslations(): Promise<void> {
  const language = firstLanguage()
  apply(language)
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: 'en',
    resources: { es: { translation: es }, en: { translation: en } },
    interpolation: { escapeValue: false },
    returnNull: false,
  })
}

export function chooseLanguage(language: Language): void {
  localStorage.setItem(CHOSEN, language)
  apply(language)
  void i18next.changeLanguage(language)
}
