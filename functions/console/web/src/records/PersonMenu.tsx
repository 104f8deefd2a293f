import { ActionIcon, Menu } from '@mantine/core'
import { IconDots, IconEraser, IconFileExport } from '@tabler/icons-react'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Entity } from '../api/types'
import { useMayWrite, useMeta } from '../meta'

// Rarely asked for: fetched then.
const EraseDialog = lazy(() => import('./EraseDialog'))
const PersonExport = lazy(() => import('./PersonExport'))

/** The rights of a person: all that is kept about them, and the end of it. */
export function PersonMenu({ record }: { record: Entity }) {
  const { t } = useTranslation()
  const mayWrite = useMayWrite()
  const administers = useMeta().user.role === 'admin'
  const [asked, setAsked] = useState<'export' | 'erase' | null>(null)
  const close = () => setAsked(null)
  if (!mayWrite) return null
  return (
    <>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <ActionIcon variant="default" size={36} aria-label={t('person.menu')}>
            <IconDots size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconFileExport size={16} />} onClick={() => setAsked('export')}>
            {t('person.export')}
          </Menu.Item>
          {administers && (
            <Menu.Item leftSection={<IconEraser size={16} />} c="red.9" onClick={() => setAsked('erase')}>
              {t('person.erase')}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      <Suspense>
        {asked === 'erase' && <EraseDialog record={record} onClose={close} />}
        {asked === 'export' && <PersonExport record={record} onClose={close} />}
      </Suspense>
    </>
  )
}
