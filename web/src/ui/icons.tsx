/** Line icons, 24 units square, drawn for this page; each is hidden from screen readers, the control beside it has the name. */

const PATHS = {
  photos: "M4 6.5A1.5 1.5 0 0 1 5.5 5h13A1.5 1.5 0 0 1 20 6.5v11a1.5 1.5 0 0 1-1.5 1.5h-13A1.5 1.5 0 0 1 4 17.5zM4.5 16.5l4.6-4.6a1 1 0 0 1 1.4 0l5.6 5.6M13.5 14.5l1.9-1.9a1 1 0 0 1 1.4 0l3 3M15.8 9.2v.01",
  settings: "M4 7h9M17.5 7H20M4 17h2.5M11 17h9M4 12h4.5M13 12h7M13 7a2.2 2.2 0 1 0 4.4 0A2.2 2.2 0 0 0 13 7M6.5 17a2.2 2.2 0 1 0 4.4 0a2.2 2.2 0 0 0-4.4 0M8.6 12a2.2 2.2 0 1 0 4.4 0a2.2 2.2 0 0 0-4.4 0",
  search: "M10.8 17.1a6.3 6.3 0 1 0 0-12.6a6.3 6.3 0 0 0 0 12.6M15.4 15.4l4.6 4.6",
  close: "M6 6l12 12M18 6L6 18",
  back: "M11 5l-7 7l7 7M4.5 12H20",
  previous: "M14.5 5l-7 7l7 7",
  next: "M9.5 5l7 7l-7 7",
  add: "M12 5v14M5 12h14",
  folder: "M3.5 7A1.5 1.5 0 0 1 5 5.5h4l2 2.2h8a1.5 1.5 0 0 1 1.5 1.5V17a1.5 1.5 0 0 1-1.5 1.5H5A1.5 1.5 0 0 1 3.5 17z",
  info: "M12 20.5a8.5 8.5 0 1 0 0-17a8.5 8.5 0 0 0 0 17M12 11v5M12 8v.01",
  alike: "M8.5 4.5h9A2 2 0 0 1 19.5 6.5v9M4.5 8.5h9a2 2 0 0 1 2 2v9h-9a2 2 0 0 1-2-2z",
  heart: "M12 19.6C8.2 17 4 13.5 4 9.4A4.3 4.3 0 0 1 8.3 5c1.5 0 2.9.8 3.7 2.1A4.4 4.4 0 0 1 15.7 5A4.3 4.3 0 0 1 20 9.4c0 4.1-4.2 7.6-8 10.2z",
  remove: "M5 7.5h14M9.5 7.5V5h5v2.5M7 7.5l.8 11.5h8.4l.8-11.5M10.3 11v5M13.7 11v5",
  pause: "M9 6v12M15 6v12",
  play: "M8 5.5v13l10.5-6.5z",
  alert: "M12 4.5l8.5 14.5h-17zM12 10.5v4M12 16.8v.01",
  plus: "M12 6v12M6 12h12",
  minus: "M6 12h12",
  shield: "M12 3.5l7 2.6v5.4c0 4.3-2.9 7.4-7 9c-4.1-1.6-7-4.7-7-9V6.1zM9 11.8l2.2 2.2l4-4.2",
  calendar: "M5.5 6.5h13A1 1 0 0 1 19.5 7.5v11a1 1 0 0 1-1 1h-13a1 1 0 0 1-1-1v-11a1 1 0 0 1 1-1M8.5 4v4M15.5 4v4M4.5 11h15",
  camera: "M4.5 8h3.2l1.6-2.5h5.4L16.3 8h3.2A1 1 0 0 1 20.5 9v9a1 1 0 0 1-1 1h-15a1 1 0 0 1-1-1V9a1 1 0 0 1 1-1M12 16.5a3.2 3.2 0 1 0 0-6.4a3.2 3.2 0 0 0 0 6.4",
  place: "M12 20.5c3.6-4.2 6-7.2 6-10.3a6 6 0 1 0-12 0c0 3.1 2.4 6.1 6 10.3M12 12.3a2.1 2.1 0 1 0 0-4.2a2.1 2.1 0 0 0 0 4.2",
  globe: "M12 20.5a8.5 8.5 0 1 0 0-17a8.5 8.5 0 0 0 0 17M3.5 12h17M12 3.5c2.6 2.4 3.9 5.2 3.9 8.5s-1.3 6.1-3.9 8.5c-2.6-2.4-3.9-5.2-3.9-8.5s1.3-6.1 3.9-8.5",
  frame: "M4.5 8.5v-4h4M15.5 4.5h4v4M19.5 15.5v4h-4M8.5 19.5h-4v-4",
  tick: "M5.5 12.5l4.5 4.5l8.5-9.5",
  words: "M5 7h14M5 12h14M5 17h8",
  tag: "M4.5 5.5v6.1a1.5 1.5 0 0 0 .4 1l7 7a1.5 1.5 0 0 0 2.1 0l5.6-5.6a1.5 1.5 0 0 0 0-2.1l-7-7a1.5 1.5 0 0 0-1-.4H5.5a1 1 0 0 0-1 1M8.5 9v.01",
  face: "M12 12.5a4 4 0 1 0 0-8a4 4 0 0 0 0 8M4.5 20c.8-3.5 3.8-5.5 7.5-5.5s6.7 2 7.5 5.5",
  people: "M9 12a3.4 3.4 0 1 0 0-6.8a3.4 3.4 0 0 0 0 6.8M2.8 19c.6-3.2 3.1-5 6.2-5s5.6 1.8 6.2 5M15.2 5.5a3.2 3.2 0 0 1 .6 6.2M17.4 14.4c2 .7 3.4 2.3 3.8 4.6",
  edit: "M5 19l.8-3.6L16 5.2a1.5 1.5 0 0 1 2.1 0l.7.7a1.5 1.5 0 0 1 0 2.1L8.6 18.2zM14 7.2l2.8 2.8",
  more: "M12 5.3a.7.7 0 1 0 0 1.4a.7.7 0 0 0 0-1.4M12 11.3a.7.7 0 1 0 0 1.4a.7.7 0 0 0 0-1.4M12 17.3a.7.7 0 1 0 0 1.4a.7.7 0 0 0 0-1.4",
  eye: "M3.5 12c2-3.8 5-5.7 8.5-5.7s6.5 1.9 8.5 5.7c-2 3.8-5 5.7-8.5 5.7S5.5 15.8 3.5 12M12 14.6a2.6 2.6 0 1 0 0-5.2a2.6 2.6 0 0 0 0 5.2",
  unseen: "M4.5 4.5l15 15M9.6 6.6A9 9 0 0 1 12 6.3c3.5 0 6.5 1.9 8.5 5.7a12 12 0 0 1-2.4 3.2M6.5 8.2A12 12 0 0 0 3.5 12c2 3.8 5 5.7 8.5 5.7a9 9 0 0 0 3.6-.7",
  merge: "M6 4.5v4a4 4 0 0 0 4 4h0a2 2 0 0 1 2 2v5M18 4.5v4a4 4 0 0 1-4 4h0a2 2 0 0 0-2 2M9 16.5l3 3l3-3",
  split: "M12 4.5v5a2 2 0 0 1-2 2h0a4 4 0 0 0-4 4v4M12 9.5a2 2 0 0 0 2 2h0a4 4 0 0 1 4 4v4M3.5 17L6 19.5L8.5 17M15.5 17l2.5 2.5l2.5-2.5",
  copies: "M8.5 8.5h9.5A1.5 1.5 0 0 1 19.5 10v8a1.5 1.5 0 0 1-1.5 1.5h-8A1.5 1.5 0 0 1 8.5 18zM15.5 8.5V6A1.5 1.5 0 0 0 14 4.5H6A1.5 1.5 0 0 0 4.5 6v8A1.5 1.5 0 0 0 6 15.5h2.5M11.5 14l2 2l3.5-3.8",
  text: "M6 7.5V5.5h12v2M12 5.5v13M9.5 18.5h5",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 24 }: { name: IconName; size?: number }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" width={size} height={size} aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}

/** The mark: an open shoebox with a photo looking out, as on the app's icon. */
export function Mark({ size = 32 }: { size?: number }) {
  return (
    <svg class="mark" viewBox="9 9 46 46" width={size} height={size} aria-hidden="true" focusable="false">
      <rect class="mark-paper" x="18" y="11" width="28" height="34" rx="2.5" />
      <rect fill="#cfe3ee" x="21" y="14" width="22" height="28" rx="1" />
      <circle fill="#f2b84b" cx="36.5" cy="20.5" r="3.2" />
      <path fill="#5f9c84" d="M21 34l7-9l6 7l4-4l5 5v9H21z" />
      <rect fill="#e0b48a" x="13" y="36" width="38" height="17" rx="2.5" />
      <rect fill="#c8946a" x="10.5" y="33.5" width="43" height="6.5" rx="2" />
    </svg>
  );
}
