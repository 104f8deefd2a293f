import { Button, Group, Menu, Tabs } from '@mantine/core'
import { IconChevronDown } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import './OneLineTabs.css'

interface Props {
  chosen: string
  tabs: { id: string; label: string }[]
  onChoose: (id: string) => void
}

/** The heads of tabs in one line, however many; where they do not all fit, a menu names each of them. */
export function OneLineTabs({ chosen, tabs, onChoose }: Props) {
  const { t } = useTranslation()
  const list = useRef<HTMLDivElement>(null)
  const [overflowing, setOverflowing] = useState(false)
  const labels = tabs.map(({ label }) => label).join()
  useEffect(() => {
    const node = list.current
    if (!node) return
    // The menu takes room itself: it is measured against what there is for both, so that it does not come and go.
    const measure = () => setOverflowing(node.scrollWidth > (node.parentElement?.clientWidth ?? 0))
    const observer = new ResizeObserver(measure)
    observer.observe(node.parentElement ?? node)
    measure()
    return () => observer.disconnect()
  }, [labels])
  useEffect(() => {
    list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }, [chosen, overflowing])
  return (
    <Group gap={0} mb="md" wrap="nowrap" align="stretch" className="underlined">
      <Tabs.List ref={list} className="one-line-tabs" flex={1} miw={0}>
        {tabs.map(({ id, label }) => (
          <Tabs.Tab key={id} value={id}>
            {label}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {overflowing && (
        // The kit's own place for the first focus is no item, and stands in the menu against the rules of ARIA.
        <Menu position="bottom-end" withinPortal withInitialFocusPlaceholder={false}>
          <Menu.Target>
            <Button variant="default" size="xs" my={4} ml={4} px="xs" style={{ flexShrink: 0 }} rightSection={<IconChevronDown size={14} />}>
              {t('tab.all')}
            </Button>
          </Menu.Target>
          <Menu.Dropdown mah="60vh" style={{ overflowY: 'auto' }}>
            {tabs.map(({ id, label }) => (
              <Menu.Item key={id} fw={id === chosen ? 700 : undefined} onClick={() => onChoose(id)}>
                {label}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
    </Group>
  )
}
