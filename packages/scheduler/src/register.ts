import "./constraint/register.js";
import "./strategy/register.js";
