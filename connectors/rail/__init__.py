"""The China–Europe railway platform: bookings, containers, DCSA-style track events, overseas stock."""
