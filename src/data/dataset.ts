/** n images, channels first, row major: pixel (i, c, y, x) at ((i*C + c)*H + y)*W + x; values 0…255. */
export interface ImageSet {
  images: Uint8Array;
  labels: Uint8Array;
}

/**
 * n examples of data whose values may be measurements as well as bytes: images as above, or rows of features, value (i, f) at i*F + f.
 */
export interface Examples {
  images: Uint8Array | Float32Array;
  labels: Uint8Array;
}

/** A data set in memory, as it was published: preprocessing, validation split and order are the study's business. */
export interface Dataset {
  name: string;
  title: string;
  classes: readonly string[];
  /** Of one example: [channels, height, width] or [features]. */
  shape: readonly number[];
  train: Examples;
  /** Without examples where the data bring no test part: the study carves one from `train`. */
  test: Examples;
  /**
   * Identity of the contents: SHA-256 (hex) over decoded pixels and labels, or generator name and version. Part of each trial's identity.
   */
  version: string;
}

/** What a study may say of points that are drawn. */
export interface GeneratorOptions {
  /** Standard deviation of the points about their curve, in each coordinate. */
  spread?: number;
}

/** One file as its makers publish it. */
export interface DataFile {
  /** Official name, for example `train-images-idx3-ubyte.gz`. */
  name: string;
  bytes: number;
  /** Official MD5 of the file as published. */
  md5: string;
  /** Addresses of the file, in the order in which they are tried. */
  mirrors: readonly string[];
  /** What is inside: one member of a `.gz`, several of a `.tar.gz`. */
  members: readonly DataMember[];
  /** The folder inside an archive of several members, which is there when a person has unpacked it. */
  unpacksTo?: string;
}

/** One unpacked file, also accepted in place of the packed one. */
export interface DataMember {
  name: string;
  /** Other names under which people keep it. */
  aliases?: readonly string[];
  bytes: number;
  /** SHA-1 of the official contents, where known. */
  sha1?: string;
}

/** The contents of a member, handed to `DatasetSource.decode`. */
export interface MemberContents {
  /** The member's canonical name, whatever the file on disk is called. */
  name: string;
  /** Where the bytes came from, for error messages. */
  where: string;
  contents: Uint8Array;
}

/**
 * What is known of one data set: a pure value in one file under `datasets/`. It knows its files and how to decode them,
 * but neither reads nor downloads, so that it can be listed in a browser too.
 */
export interface DatasetSource {
  /** Canonical name, as a study says it. */
  name: string;
  title: string;
  classes: readonly string[];
  shape: readonly number[];
  trainCount: number;
  testCount: number;
  licence: string;
  homepage: string;
  citation: string;
  /** Folders in which its files may lie, below the data directory; the first is used in the cache. */
  folders: readonly string[];
  /** True when a packed file's name alone tells the set, so that it may lie anywhere; the others' names are shared by several sets. */
  distinctNames: boolean;
  /** The files it is made of; none for an embedded data set, which is generated. */
  files: readonly DataFile[];
  /** The version of an embedded data set; the others' is computed from their contents. */
  version?: string;
  /** Of points that are drawn: how far they are scattered about their curve where a study does not say. */
  spread?: number;
  /** Decodes the members, which come in any order, each once; an embedded set has none and is generated. */
  decode(
    members: AsyncIterable<MemberContents>,
    options?: GeneratorOptions,
  ): Promise<{ train: Examples; test: Examples }>;
}
