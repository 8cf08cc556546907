package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;

import io.kohakuvault.kv.KvBatch;
import java.nio.file.Path;
import java.util.AbstractList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a value is made of may be anybody's: it is read once, in one moment, and stays as it is. */
class ValuesOfOthersTest {
    @TempDir
    Path folder;

    private Vault vault;

    @BeforeEach
    void open() {
        vault = Vault.open(folder.resolve("a.db"));
    }

    @AfterEach
    void close() {
        vault.close();
    }

    /** A list that puts its parts under keys of their own while it is read. */
    @Test
    void aValueMayPutOthersIntoTheBatchThatEncodesIt() {
        KvBatch batch = vault.kv("kv").newBatch();
        List<Object> orders = new AbstractList<>() {
            @Override
            public int size() {
                return 2;
            }

            @Override
            public Object get(int i) {
                batch.putValue("order" + i, Map.of("n", i));
                return "order" + i;
            }
        };
        Map<String, Object> customer = new HashMap<>();
        customer.put("name", "Ada");
        customer.put("orders", orders);
        batch.putValue("customer", customer);
        vault.kv("kv").write(batch);
        assertThat(vault.kv("kv").findValue("order1")).contains(Map.of("n", 1L));
        assertThat(vault.kv("kv").findValue("customer"))
                .contains(Map.of("name", "Ada", "orders", List.of("order0", "order1")));
    }

    /** Its iterators are snapshots, which is what it is for; here the add comes between size() and iterator(). */
    @Test
    void aListThatGrowsMeanwhileIsStoredAsItWasAtOneMoment() {
        CopyOnWriteArrayList<Object> list = new CopyOnWriteArrayList<>(List.of("a")) {
            @Override
            public int size() {
                int size = super.size();
                if (size < 3) {
                    add("b"); // what another thread may do
                }
                return size;
            }
        };
        KvBatch batch = vault.kv("kv").newBatch();
        batch.putValue("list", list);
        vault.kv("kv").write(batch);
        assertThat(vault.kv("kv").findValue("list")).isPresent();
    }

    @Test
    void encodingDoesNotChangeTheOrderOfAMapByAccess() {
        Map<String, Object> recent = new LinkedHashMap<>(16, 0.75f, true);
        recent.put("z", 1);
        recent.put("a", 2);
        KvBatch batch = vault.kv("kv").newBatch();
        batch.putValue("1", recent);
        batch.putValue("2", recent);
        assertThat(recent.keySet()).containsExactly("z", "a");
    }
}
