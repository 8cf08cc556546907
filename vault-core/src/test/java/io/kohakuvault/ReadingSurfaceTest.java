package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is read of a vault is read of a snapshot by the same names. */
class ReadingSurfaceTest {
    private static final List<String> FEATURES = List.of("kv", "column", "table", "text", "vector", "offset");

    private static boolean opensAFeature(Method method) {
        String name = method.getReturnType().getPackageName();
        return FEATURES.contains(name.substring(name.lastIndexOf('.') + 1));
    }

    @Test
    void aSnapshotOpensWhatAVaultDoes() throws Exception {
        List<Method> opening = Stream.of(Vault.class.getMethods())
                .filter(ReadingSurfaceTest::opensAFeature)
                .filter(method ->
                        method.getParameterCount() < 2) // what is given options may be made, which is no reading
                .toList();
        opening = new ArrayList<>(opening);
        opening.add(Vault.class.getMethod("contents"));
        assertThat(opening).hasSize(7);
        for (Method method : opening) {
            Method read = Snapshot.class.getMethod(method.getName(), method.getParameterTypes());
            assertThat(read.getReturnType()).as(method.toString()).isAssignableFrom(method.getReturnType());
        }
    }
}
