import {
  ActionIcon,
  AppShell,
  Box,
  Burger,
  Button,
  Group,
  Menu,
  NavLink,
  ScrollArea,
  SegmentedControl,
  Text,
  Tooltip,
} from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconDropletFilled, IconLogout, IconUserCircle } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, Outlet, useLocation } from 'react-router'
import type { Language } from '../api/types'
import { useFormat } from '../format'
import { chooseLanguage, LANGUAGES } from '../i18n'
import { useMeta } from '../meta'
import { logout } from '../session'
import { navigation } from './navigation'

export function Shell() {
  const { t } = useTranslation()
  const [opened, { toggle, close }] = useDisclosure(false)
  const { pathname } = useLocation()
  const main = useRef<HTMLDivElement>(null)
  const first = useRef(true)

  // A new page starts at its top, and a screen reader hears of it; the very first page keeps the browser's own focus.
  useEffect(() => {
    close()
    window.scrollTo(0, 0)
    if (!first.current) main.current?.focus({ preventScroll: true })
    first.current = false
  }, [pathname, close])

  return (
    <AppShell header={{ height: 52 }} navbar={{ width: 268, breakpoint: 'sm', collapsed: { mobile: !opened } }} padding="md">
      <AppShell.Header px="md">
        <SkipLink to={main} />
        <Group h="100%" justify="space-between" wrap="nowrap">
          <Group gap="xs" wrap="nowrap">
            <Burger
              opened={opened}
              onClick={toggle}
              hiddenFrom="sm"
              size="sm"
              aria-label={t('shell.menu')}
              aria-expanded={opened}
            />
            <Brand />
          </Group>
          <Group gap="sm" wrap="nowrap">
            <LanguageSwitch />
            <UserMenu />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" aria-label={t('shell.menu')}>
        <Navigation />
      </AppShell.Navbar>
      <AppShell.Main bg="gray.0">
        <Box ref={main} tabIndex={-1} style={{ outline: 'none' }} maw={1400} mx="auto">
          <Outlet />
        </Box>
      </AppShell.Main>
    </AppShell>
  )
}

/** Past the menu, for whoever goes by keyboard: seen once it has the focus. */
function SkipLink({ to }: { to: React.RefObject<HTMLDivElement | null> }) {
  const { t } = useTranslation()
  const [focused, setFocused] = useState(false)
  return (
    <Button
      size="xs"
      pos="absolute"
      top={11}
      left={focused ? 16 : -9999}
      style={{ zIndex: 1 }}
      onFocus={() => setFocused(true)}
      onBlur={() => setFocused(false)}
      onClick={() => to.current?.focus()}
    >
      {t('shell.skip')}
    </Button>
  )
}

function Brand() {
  const { company } = useMeta().settings
  return (
    <Group component={Link} gap={6} wrap="nowrap" {...{ to: '/' }} style={{ textDecoration: 'none', color: 'inherit' }}>
      <IconDropletFilled size={22} color="var(--mantine-color-blue-8)" aria-hidden />
      <Text fw={700}>Gotero</Text>
      <Text size="sm" c="dimmed" visibleFrom="sm" truncate maw={260}>
        {company.name}
      </Text>
    </Group>
  )
}

function LanguageSwitch() {
  const { t, i18n } = useTranslation()
  return (
    <SegmentedControl
      size="xs"
      aria-label={t('shell.language')}
      value={i18n.language}
      onChange={(language) => chooseLanguage(language as Language)}
      data={LANGUAGES}
    />
  )
}

function UserMenu() {
  const { t } = useTranslation()
  const { user } = useMeta()
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <Tooltip label={user.name}>
          <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t('shell.user', { name: user.name })}>
            <IconUserCircle size={22} />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {user.name}
          <br />
          {user.email}
        </Menu.Label>
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={logout}>
          {t('shell.logout')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

function Navigation() {
  const { t } = useTranslation()
  const meta = useMeta()
  const format = useFormat()
  const { pathname } = useLocation()
  return (
    <AppShell.Section grow component={ScrollArea}>
      {navigation(meta, format, t)
        .filter(({ entries }) => entries.length > 0)
        .map(({ id, entries }) => (
          <Box key={id} mb="sm" role="group" aria-label={t(`shell.${id}`)}>
            <Text size="xs" c="dimmed" fw={700} tt="uppercase" px="sm" py={6}>
              {t(`shell.${id}`)}
            </Text>
            {entries.map(({ to, label, Picture }) => {
              const active = pathname === to || pathname.startsWith(`${to}/`)
              return (
                <NavLink
                  key={to}
                  component={Link}
                  to={to}
                  label={label}
                  active={active}
                  aria-current={active ? 'page' : undefined}
                  leftSection={<Picture size={18} stroke={1.7} aria-hidden />}
                  py={7}
                  style={{ borderRadius: 'var(--mantine-radius-md)' }}
                />
              )
            })}
          </Box>
        ))}
    </AppShell.Section>
  )
}
