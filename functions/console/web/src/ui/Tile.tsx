import { Group, Paper, Text } from '@mantine/core'
import { ink } from '../theme'

interface Props {
  label: string
  value: string
  share?: string
  colour?: string
}

/** One figure: what it is, how many, which share. */
export function Tile({ label, value, share, colour = 'blue' }: Props) {
  return (
    <Paper data-tile={label}>
      <Text size="xs" c="dimmed" tt="uppercase" fw={700} lh={1.3}>
        {label}
      </Text>
      <Group align="baseline" gap={6}>
        <Text fz={24} fw={700} lh={1.3}>
          {value}
        </Text>
        {share && (
          <Text size="sm" c={ink(colour)}>
            {share}
          </Text>
        )}
      </Group>
    </Paper>
  )
}
