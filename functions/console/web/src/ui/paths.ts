import { useTranslation } from 'react-i18next'

/** "tasks[0].params.segment_id" → «Tareas 1 · Lista de segmentación». */
export function usePathWords(): (path: string) => string {
  const { t } = useTranslation()
  return (path) =>
    path
      .replaceAll(/\[(\d+)\]/g, (_, index) => ` ${Number(index) + 1}`)
      .split('.')
      .filter((part) => !/^(params|all|any|not|value|values)( \d+)?$/.test(part))
      .map((part) => part.replace(/^[a-z_]+/, (name) => t(`property.${name}`, { defaultValue: name.replaceAll('_', ' ') })))
      .join(' · ')
}
