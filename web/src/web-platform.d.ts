/** Parts of the web platform that TypeScript's own libraries do not describe yet. */

interface FileSystemHandle {
  queryPermission?(descriptor: { mode: "read" | "readwrite" }): Promise<PermissionState>;
  requestPermission?(descriptor: { mode: "read" | "readwrite" }): Promise<PermissionState>;
}

interface Window {
  showDirectoryPicker?(options?: { id?: string; mode?: "read" | "readwrite" }): Promise<FileSystemDirectoryHandle>;
}

interface DataTransferItem {
  getAsFileSystemHandle?(): Promise<FileSystemHandle | null>;
}

interface BatteryManager extends EventTarget {
  readonly charging: boolean;
}

interface Navigator {
  getBattery?(): Promise<BatteryManager>;
}
