// Run face-api's own networks on prepared pixels: node face_api.mjs PACKAGE FOLDER
//
// FOLDER holds detector.bin (512 x 512), landmarks.bin (112 x 112) and recogniser.bin (150 x 150): pictures of three bytes a pixel, one
// after another. What the networks give is written beside them as float32: scores.bin, boxes.bin, points.bin, vectors.bin.
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

const [source, folder] = process.argv.slice(2);

// The bundle carries all of TensorFlow.js, but its bundler left out the parts for Node: it must believe that it is in a browser.
Object.defineProperty(process, "versions", { value: { ...process.versions, node: undefined } });
globalThis.window = globalThis;
globalThis.document = {};
const { env, nets, tf } = await import(pathToFileURL(path.join(source, "dist/face-api.esm.js")));
await tf.setBackend("cpu");
await tf.ready();

class Nothing {}
const refuse = () => { throw new Error("not needed here"); };
env.setEnv({
  Canvas: Nothing, CanvasRenderingContext2D: Nothing, Image: Nothing, ImageData: Nothing, Video: Nothing,
  createCanvasElement: refuse, createImageElement: refuse, createVideoElement: refuse, fetch: refuse, readFile: refuse,
});

function load(net, name) {
  const [{ weights }] = JSON.parse(fs.readFileSync(path.join(source, `model/${name}-weights_manifest.json`)));
  net.loadFromWeightMap(tf.io.decodeWeights(new Uint8Array(fs.readFileSync(path.join(source, `model/${name}.bin`))).buffer, weights));
  return net;
}

function pictures(name, side) {
  const bytes = fs.readFileSync(path.join(folder, `${name}.bin`));
  const one = side * side * 3;
  return Array.from({ length: bytes.length / one }, (_, i) => tf.tensor3d(bytes.subarray(i * one, (i + 1) * one), [side, side, 3]));
}

function write(name, tensor) {
  const data = tensor.dataSync();
  fs.writeFileSync(path.join(folder, `${name}.bin`), new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
}

const found = await load(nets.ssdMobilenetv1, "ssd_mobilenetv1_model").forward(pictures("detector", 512));
write("scores", tf.stack(found.scores));
write("boxes", tf.stack(found.boxes));
write("points", await load(nets.faceLandmark68Net, "face_landmark_68_model").forward(pictures("landmarks", 112)));
write("vectors", await load(nets.faceRecognitionNet, "face_recognition_model").forward(pictures("recogniser", 150)));
