/** Does the device run on its battery? Browsers that do not tell count as plugged in. */

let battery: BatteryManager | null = null;

export async function watchPower(onChange: () => void): Promise<void> {
  try {
    battery = (await navigator.getBattery?.()) ?? null;
    battery?.addEventListener("chargingchange", onChange);
    if (battery) onChange();
  } catch {
    battery = null;
  }
}

export function onBattery(): boolean {
  return battery !== null && !battery.charging;
}
