import { Anchor, Box, Breadcrumbs, Group, Text, Title } from '@mantine/core'
import { useEffect, type ReactNode } from 'react'
import { Link } from 'react-router'

interface Props {
  title: string
  /** The way up: the list that this page belongs to. */
  above?: { label: string; to: string }
  number?: string | null
  badge?: ReactNode
  children?: ReactNode
}

export function PageHeader({ title, above, number, badge, children }: Props) {
  useEffect(() => {
    document.title = `${title} · Gotero`
  }, [title])
  return (
    <Box mb="md">
      {above && (
        <Breadcrumbs mb={4} fz="sm">
          <Anchor component={Link} to={above.to} size="sm">
            {above.label}
          </Anchor>
          <Text size="sm" c="dimmed" lh={1.5} truncate maw={{ base: 200, sm: 400 }}>
            {number ?? title}
          </Text>
        </Breadcrumbs>
      )}
      <Group justify="space-between" gap="sm" mih={36}>
        <Group gap="sm" maw="100%" wrap="nowrap" miw={0}>
          <Title order={1} fz={{ base: 20, sm: 24 }} style={{ overflowWrap: 'anywhere' }}>
            {title}
          </Title>
          {badge}
        </Group>
        <Group gap="xs">{children}</Group>
      </Group>
    </Box>
  )
}
