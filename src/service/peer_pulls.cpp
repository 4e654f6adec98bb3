#include "service/peer_pulls.h"

#include <algorithm>

#include "base/utf8.h"
#include "service/peer_intake.h"
#include "service/peer_schedule.h"
#include "service/taxii_exchange.h"
#include "service/taxii_state.h"

namespace sluice::service {

namespace {

constexpr Patience kPatience{.tries = 3, .first = std::chrono::seconds(1), .longest = std::chrono::seconds(10), .most_told = std::chrono::seconds(30)};
constexpr Duration kPeerAnswers = std::chrono::seconds(60);
constexpr std::size_t kLongestError = 500;

std::unexpected<Error> peer_ended() { return fail(ErrorKind::Conflict, "The peer was paused or removed, or another process asks it.", {}, {}, "peer-ended"); }

std::uint32_t chance_of(Random& random) {
  std::array<std::uint8_t, 4> bytes{};
  random.fill(bytes);
  return static_cast<std::uint32_t>(bytes[0]) << 24 | static_cast<std::uint32_t>(bytes[1]) << 16 | static_cast<std::uint32_t>(bytes[2]) << 8 | bytes[3];
}

// One peer, from where it was read to its end.
class PeerRound {
 public:
  struct Lent {
    Services& services;
    const OutboundSettings& outbound;
    const std::atomic<bool>& stopping;
    ByteView holder;
    std::function<void(Duration)> wait;
  };
  PeerRound(const Lent& lent, store::PeerRow peer, store::PeerProgress progress) : lent_(lent), services_(lent.services), peer_(std::move(peer)), health_(peer_.health), progress_(std::move(progress)) {}

  Result<void> run() {
    const auto began = services_.clock.now();
    health_.last_attempt = began;
    ++health_.pulls;
    const auto read = this->read();
    const auto now = services_.clock.now();
    if (!read && read.error().code == "peer-ended") return {};
    if (!read && lent_.stopping) return keep(now, {}, nullptr);        // the next process goes on at once
    if (read) {
      health_.last_success = now;
      health_.failures_in_row = 0;
      health_.last_error.reset();
    } else {
      ++health_.failures_in_row;
      health_.last_error = std::string(cut_utf8(read.error().message, kLongestError));
      health_.last_error_at = now;
    }
    const auto kept = keep(next_pull(began, now, peer_.card.interval, health_.failures_in_row, chance_of(services_.random)), {}, nullptr);
    if (!kept && kept.error().code == "peer-ended") return {};
    return kept;
  }

 private:
  Result<void> read() {
    TRY(viewer_of_peer(services_, peer_.card));   // nothing is asked for whom nobody answers
    taxii::PeerSettings settings;
    settings.authorization = peer_.card.authorization.value_or("");
    settings.headers = {"X-Sluice-Passed: 1"};
    settings.guard = &lent_.outbound;
    settings.stopping = &lent_.stopping;
    settings.limits.bytes = 32 << 20;
    settings.limits.objects = 20'000;
    settings.timeout = kPeerAnswers;
    taxii::PeerHooks hooks{
        .wait = lent_.wait,
        .now = [this] { return services_.clock.now(); },
        .chance = [this] { return chance_of(services_.random); },
        .note = [](const std::string&) {},        // what it left out and what it has lost stand in the health
    };
    TRY(auto client, taxii::PeerClient::make(std::move(settings), kPatience, std::move(hooks)));
    TRY(const auto place, taxii::place_of(client, peer_.card.url, peer_.card.collection));
    if (!place.collection.can_read) return fail(ErrorKind::Forbidden, "The peer doesn't let us read this collection.");

    state_.collection = place.url;
    state_.filters["version"] = "all";            // each version that was shared, not only what is the last by now
    std::string types;
    for (const auto& type : peer_.card.types) types += (types.empty() ? "" : ",") + type;
    if (!types.empty()) state_.filters["type"] = types;
    state_.walk.after = peer_.card.added_after;
    // Of another collection, now that the name leads there, it begins anew: what is known from before isn't put twice.
    if (!progress_.empty())
      if (auto known = taxii::read_pull_state(progress_); known && known->collection == state_.collection && known->filters == state_.filters) state_ = *std::move(known);

    taxii::Walk walk(state_.walk, {});
    const taxii::Reading reading{state_.collection, state_.filters};
    const taxii::ReadHooks on{
        .deliver = {},
        .keep = [this](const taxii::Walk& at) { return keep_page(at); },
        .deliver_page = [this](const taxii::Walk::Page& page, const std::vector<std::size_t>& fresh) { return take(page, fresh); },
    };
    return taxii::read_on(client, reading, walk, on);
  }

  Result<void> take(const taxii::Walk::Page& page, const std::vector<std::size_t>& fresh) {
    {
      TRY(auto db, services_.store.lease());      // U3
      TRY(const auto row, store::peer(*db, services_.cells(), peer_.id));
      if (!row || row->state != store::PeerState::Active || !row->holder || !std::equal(row->holder->begin(), row->holder->end(), lent_.holder.begin(), lent_.holder.end())) return peer_ended();
    }
    TRY(auto origins, take_page_of_peer(services_, peer_, page, fresh, health_, lent_.wait));
    origins_.insert(origins_.end(), std::make_move_iterator(origins.begin()), std::make_move_iterator(origins.end()));
    if (page.last) health_.reached = *page.last, health_.reached_at = services_.clock.now();
    return {};
  }

  Result<void> keep_page(const taxii::Walk& walk) {
    ++health_.pages;
    health_.may_have_lost = health_.may_have_lost || walk.may_have_lost();
    state_.walk = walk.state();
    const auto text = taxii::to_text(state_);
    const auto now = services_.clock.now();
    return keep(peer_.due, now + PeerPulls::kHold, &text);
  }

  // U1
  Result<void> keep(Instant due, Instant held_until, const store::PeerProgress* progress) {
    bool is_ours = true;
    TRY(services_.writer.run([&](Unit& unit) -> Result<Committed> {
      auto& tx = unit.writing().tx();
      TRY(store::note_origins(tx, services_.cells(), peer_.id, unit.now(), origins_));   // also of one that was just paused: it came
      TRY(is_ours, store::keep_peer(tx, services_.cells(), peer_.id, lent_.holder, peer_.due, due, held_until, progress, health_));
      return Committed{};
    }));
    origins_.clear();
    if (!is_ours) return peer_ended();
    return {};
  }

  const Lent& lent_;
  Services& services_;
  const store::PeerRow peer_;
  store::PeerHealth health_;
  const store::PeerProgress progress_;
  taxii::PullState state_;
  std::vector<store::NewOrigin> origins_;
};

}  // namespace

PeerPulls::PeerPulls(Services& services, const OutboundSettings& outbound, Runs runs) : services_(services), outbound_(outbound), holder_(16) {
  services.random.fill(holder_);
  if (runs == Runs::WhenAsked) return;
  // On SQLite no other process has this site (Wired, D1): what one held that is gone is free.
  if (services.site.database.engine() == store::Engine::Sqlite && !services.writer.is_read_only())
    (void)services.writer.run([](Unit& unit) -> Result<Committed> {
      TRY(store::free_peers(unit.writing().tx()));
      return Committed{};
    });
  for (std::size_t i = 0; i < kThreads; ++i) threads_.emplace_back([this] { run(); });
}

PeerPulls::~PeerPulls() { stop(); }

void PeerPulls::stop() {
  {
    std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  for (auto& thread : threads_)
    if (thread.joinable()) thread.join();
  threads_.clear();
}

void PeerPulls::wait(Duration length) {
  std::unique_lock lock(mutex_);
  wake_.wait_for(lock, length, [this] { return stopping_.load(); });
}

void PeerPulls::run() {
  const auto pull = [this]() -> Result<bool> {
    try {
      return pull_due();
    } catch (const std::exception&) {             // no memory for what came, or an answer that could not be given: this round ends, the server goes on (REL-4)
      return fail(ErrorKind::Unavailable, "A peer's round could not be finished.", {}, {}, "internal");
    }
  };
  while (!stopping_) {
    const auto pulled = services_.writer.is_read_only() || services_.writer.is_full() ? Result<bool>(false) : pull();
    if (!pulled && is_damage(pulled.error())) services_.writer.stop_writing();
    if (!pulled || !*pulled) wait(kLook);
  }
}

Result<bool> PeerPulls::pull_due() {
  const auto now = services_.clock.now();
  std::optional<store::PeerRow> peer;
  store::PeerProgress progress;
  {
    TRY(auto db, services_.store.lease());
    TRY(const auto due, store::due_peer(*db, now));
    if (!due) return false;
    TRY(peer, store::peer(*db, services_.cells(), *due));
  }
  if (!peer) return false;
  bool is_ours = false;
  TRY(services_.writer.run([&](Unit& unit) -> Result<Committed> {
    auto& tx = unit.writing().tx();
    is_ours = false;
    TRY(auto row, store::peer(tx, services_.cells(), peer->id));
    if (!row || row->state != store::PeerState::Active || row->due > now || row->held_until > now) return Committed{};   // another thread or node was first
    TRY(store::hold_peer(tx, peer->id, holder_, now + kHold));
    {
      std::scoped_lock lock(mutex_);
      if (under_way_.contains(peer->id)) return Committed{};   // U5: so slow that its hold ran out; it takes no second thread
    }
    TRY(progress, store::progress_of_peer(tx, services_.cells(), peer->id));
    peer = std::move(row);
    is_ours = true;
    return Committed{};
  }));
  if (!is_ours) return true;
  {
    std::scoped_lock lock(mutex_);
    under_way_.insert(peer->id);
  }
  struct Ends {
    PeerPulls& pulls;
    const std::string id;
    ~Ends() {
      std::scoped_lock lock(pulls.mutex_);
      pulls.under_way_.erase(id);
    }
  } ends{*this, peer->id};
  const PeerRound::Lent lent{services_, outbound_, stopping_, holder_, [this](Duration length) { wait(length); }};
  TRY(PeerRound(lent, *std::move(peer), std::move(progress)).run());
  return true;
}

}  // namespace sluice::service
