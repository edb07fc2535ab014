import java.time.Instant;
import java.util.Properties;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/** Sends a cart with kafka-clients: {@code java CartProducer localhost:9092}. */
public final class CartProducer {
    private CartProducer() {}

    public static void main(String[] arguments) throws Exception {
        Properties settings = new Properties();
        settings.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, arguments[0]);
        // The defaults of the Java client are right: murmur2 for keys, idempotent, acks=all.
        settings.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, StringSerializer.class);
        settings.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, StringSerializer.class);

        String cartId = "shop:t-3001";
        // Write it with your JSON library. Absent fields are better left out than sent as null.
        String event = """
            {"type":"cart.updated","event_id":"t-3001/7","source":"shop/eu","cart_id":"%s",\
            "occurred_at":"%s","items_count":2,"value_minor":3998,"currency":"EUR"}"""
            .formatted(cartId, Instant.now());

        try (KafkaProducer<String, String> producer = new KafkaProducer<>(settings)) {
            // get() waits for the broker and throws if the record was lost.
            producer.send(new ProducerRecord<>("carts", cartId, event)).get();
        }
    }
}
