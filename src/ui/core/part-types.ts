// Each screen and overlay adds its own types here (`declare module`), so that nothing below knows them by name.

/** Fields of the state that screens keep, by name. */
// biome-ignore lint/suspicious/noEmptyInterface: the screens fill it in
export interface ScreenStates {}

/** Results that come back to a screen, by its id. */
// biome-ignore lint/suspicious/noEmptyInterface: the screens fill it in
export interface ScreenEvents {}

/** Requests that a screen makes of the world outside the state, by its id. */
// biome-ignore lint/suspicious/noEmptyInterface: the screens fill it in
export interface ScreenRequests {}

/** States of what lies over a screen and has the keys for itself, by kind. */
// biome-ignore lint/suspicious/noEmptyInterface: the overlays fill it in
export interface OverlayStates {}

export type ScreenId = keyof ScreenEvents & keyof ScreenRequests
export type OverlayKind = keyof OverlayStates
export type Overlay = OverlayStates[OverlayKind]
