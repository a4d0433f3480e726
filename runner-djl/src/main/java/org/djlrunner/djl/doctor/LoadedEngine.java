package org.djlrunner.djl.doctor;

import java.util.Set;

/**
 * DJL's PyTorch engine once its libraries are loaded.
 *
 * @param version of libtorch
 * @param folder where libtorch was loaded from
 * @param features what libtorch was built with, such as {@code CUDA}, {@code MKL}
 * @param intraOpThreads threads inside one operation
 * @param interOpThreads threads for independent operations of TorchScript
 */
record LoadedEngine(
    String version, String folder, Set<String> features, int intraOpThreads, int interOpThreads) {}
