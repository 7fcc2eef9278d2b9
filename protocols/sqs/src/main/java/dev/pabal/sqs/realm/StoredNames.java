package dev.pabal.sqs.realm;

/**
 * Under which names the catalog keeps queues, where AMQP and Kafka clients see them: those of the broker's own realm under their own, those of
 * any other as
 *
 * <pre>
 *   123456789012.eu-west-1.orders.fifo
 *   account     .region   .name
 * </pre>
 *
 * <p>Names of SQS have no dots but that of {@code .fifo}, so none of them is mistaken. A queue that an AMQP client named in this form is the
 * other realm's. Pure.
 */
public final class StoredNames {
    private static final int REGION_AT = Realm.ACCOUNT_LENGTH + 1;

    private final Realm own;

    /** @param own the broker's, by its configuration */
    public StoredNames(Realm own) {
        this.own = own;
    }

    /** The name in the catalog. */
    public String stored(Realm realm, String name) {
        return realm.equals(own) ? name : realm.account() + '.' + realm.region() + '.' + name;
    }

    /** Whose queue is kept under that name. */
    public Realm realm(String stored) {
        int nameAt = nameAt(stored);
        return nameAt == 0
                ? own
                : new Realm(stored.substring(REGION_AT, nameAt - 1), stored.substring(0, REGION_AT - 1));
    }

    /** The name that SQS's clients know a queue by. */
    public String name(String stored) {
        return stored.substring(nameAt(stored));
    }

    /** Whether a queue of that name is the realm's. */
    public boolean isIn(Realm realm, String stored) {
        return realm.equals(own) ? nameAt(stored) == 0 : realm(stored).equals(realm);
    }

    /** Where the name begins behind the account and the region of another realm; 0 where it does not begin with those. */
    private int nameAt(String stored) {
        if (!Realm.isAccountAt(stored, 0) || !stored.startsWith(".", REGION_AT - 1)) {
            return 0;
        }
        int dot = stored.indexOf('.', REGION_AT);
        boolean named = dot > 0 && dot + 1 < stored.length() && Realm.isRegion(stored, REGION_AT, dot);
        return named && !isOwn(stored, dot) ? dot + 1 : 0;
    }

    private boolean isOwn(String stored, int dot) {
        return stored.startsWith(own.account())
                && dot - REGION_AT == own.region().length()
                && stored.startsWith(own.region(), REGION_AT);
    }
}
