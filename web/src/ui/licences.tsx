/** Whose work decodes the formats that browsers do not, and reads text, under which licence, and where its text lies. */

const CODECS = [
  {
    name: "libheif, with libde265", what: "HEIC photos", licence: "LGPL 3.0", text: "codecs/libheif.LICENSE.txt",
    files: "codecs/libheif.js and codecs/libheif.wasm", source: "github.com/strukturag/libheif", packed: "libheif-js",
  },
  {
    name: "OpenJPEG", what: "JPEG 2000 photos", licence: "BSD, 2 clauses", text: "codecs/openjpeg.LICENSE.txt",
    files: "codecs/openjpeg.js and codecs/openjpeg.wasm", source: "github.com/uclouvain/openjpeg", packed: "@cornerstonejs/codec-openjpeg",
  },
];

const NETWORKS = [
  {
    name: "PP-OCRv6", what: "text in photos", licence: "Apache 2.0", text: "models/text/LICENSE", notice: "models/text/MODEL_LICENSES.md",
    source: "PaddleOCR, github.com/PaddlePaddle/PaddleOCR; by way of the PyPI package rapidocr, and changed: its weights are stored in fewer bits",
  },
];

const DATA = [
  { name: "GeoNames", what: "names and places of towns", licence: "CC BY 4.0, creativecommons.org/licenses/by/4.0; put into another form", source: "geonames.org" },
  { name: "Natural Earth", what: "outlines of countries", licence: "public domain", source: "naturalearthdata.com, by way of the npm package world-atlas (ISC)" },
];

export function Licences() {
  return (
    <>
      <p>
        Shoebox is free software under the MIT licence. Some formats are opened by the work of others, fetched from the same place as the
        rest of Shoebox when the first such photo comes:
      </p>
      <ul class="licences">
        {CODECS.map(({ name, what, licence, text, files, source, packed }) => (
          <li key={name}>
            <strong>{name}</strong> ({what}), <a href={text}>{licence}</a>.{" "}
            <span class="fact-more">From the npm package {packed}, in files of its own ({files}) that you may replace. Source: {source}.</span>
          </li>
        ))}
      </ul>
      <p>What is read in photos is read by the networks of others, fetched when you turn that on:</p>
      <ul class="licences">
        {NETWORKS.map(({ name, what, licence, text, notice, source }) => (
          <li key={name}>
            <strong>{name}</strong> ({what}), <a href={text}>{licence}</a>, <a href={notice}>notice</a>. <span class="fact-more">Source: {source}.</span>
          </li>
        ))}
      </ul>
      <p>The names of places and the map are made of the data of others, put together when Shoebox was built:</p>
      <ul class="licences">
        {DATA.map(({ name, what, licence, source }) => (
          <li key={name}>
            <strong>{name}</strong> ({what}), {licence}. <span class="fact-more">Source: {source}.</span>
          </li>
        ))}
      </ul>
    </>
  );
}
