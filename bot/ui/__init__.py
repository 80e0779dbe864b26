"""What people see: cards, buttons, modals, and (ui/text/) every sentence."""
