package io.kohakuvault.codec;

import java.util.ServiceLoader;

/** Finds what makes the packers: it uses packages that use this one, so that nothing here can name it. */
final class PackerProvider {
    private static final DataPacker.Provider FOUND = ServiceLoader.load(
                    DataPacker.Provider.class, DataPacker.Provider.class.getClassLoader())
            .findFirst()
            .orElseThrow(() -> new IllegalStateException("META-INF/services/" + DataPacker.Provider.class.getName()
                    + " of vault-core is missing: merge META-INF/services where jars are packed into one"));

    private PackerProvider() {}

    static DataPacker.Provider get() {
        return FOUND;
    }
}
