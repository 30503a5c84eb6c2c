import {fileURLToPath} from 'node:url'
import {Resvg} from '@resvg/resvg-js'

const ZOOM = 1.5
const fontFiles = ['DejaVuSansMono.ttf', 'DejaVuSansMono-Bold.ttf'].map(file =>
  fileURLToPath(import.meta.resolve(`dejavu-fonts-ttf/ttf/${file}`)),
)

/** The same picture in pixels, for viewers that have other fonts. */
export function svgToPng(svg: string): Uint8Array {
  const image = new Resvg(svg, {
    font: {fontFiles, loadSystemFonts: false, defaultFontFamily: 'DejaVu Sans Mono'},
    fitTo: {mode: 'zoom', value: ZOOM},
  })
  return image.render().asPng()
}
