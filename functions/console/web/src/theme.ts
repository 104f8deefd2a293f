import { Anchor, Badge, createTheme, Input, Modal, Paper, Table, type CSSVariablesResolver } from '@mantine/core'

export const theme = createTheme({
  primaryColor: 'blue',
  primaryShade: { light: 8, dark: 6 },
  // Mantine picks the text colour by the background's luminance, so that filled badges and buttons keep their contrast.
  autoContrast: true,
  luminanceThreshold: 0.25,
  defaultRadius: 'md',
  cursorType: 'pointer',
  fontFamily: 'Inter, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif',
  headings: { fontWeight: '700' },
  components: {
    Paper: Paper.extend({ defaultProps: { withBorder: true, p: 'md' } }),
    // A hint stands below: inputs beside each other keep one line, whichever of them has one.
    InputWrapper: Input.Wrapper.extend({ defaultProps: { inputWrapperOrder: ['label', 'input', 'description', 'error'] } }),
    // A name in Arabic or Hebrew leaves the order of the words around it alone.
    Anchor: Anchor.extend({ styles: { root: { unicodeBidi: 'isolate' } } }),
    Badge: Badge.extend({ defaultProps: { variant: 'light' }, styles: { root: { textTransform: 'none' } } }),
    Modal: Modal.extend({ styles: { title: { fontWeight: 700 } } }),
    Table: Table.extend({ defaultProps: { verticalSpacing: 'sm' } }),
  },
})

/** A colour dark enough for small text on white and on its own lightest shade: shade 9 alone misses WCAG AA in half of them. */
export const ink = (colour: string) => `color-mix(in srgb, var(--mantine-color-${colour}-9) 78%, black)`

/** Mantine's own greys for secondary text, and its red of refused inputs, miss WCAG AA on the grey page; these shades reach it. */
export const contrast: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': 'var(--mantine-color-gray-7)',
    '--mantine-color-error': 'var(--mantine-color-red-9)',
    '--mantine-color-placeholder': 'var(--mantine-color-gray-6)',
  },
  dark: {},
})
